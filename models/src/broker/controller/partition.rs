use std::collections::BTreeSet;

/// What is decided of a partition that several places keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::broker) struct Partition {
    /// Who keeps it, the one first that leads at the beginning.
    pub(in crate::broker) replicas: Vec<usize>,
    /// Who leads, and in which epoch.
    pub(in crate::broker) leader: Option<usize>,
    pub(in crate::broker) epoch: u64,
    /// Who is in sync, and how often that has changed.
    pub(in crate::broker) in_sync: BTreeSet<usize>,
    pub(in crate::broker) version: u64,
}

impl Partition {
    pub(super) fn new(replicas: Vec<usize>) -> Self {
        let in_sync = replicas.iter().copied().collect();
        Self { leader: replicas.first().copied(), epoch: 1, in_sync, version: 0, replicas }
    }

    /// A place is gone: it is not in sync any more, unless nobody else is, and does not lead.
    pub(super) fn lose(&mut self, place: usize) {
        if self.in_sync.len() > 1 && self.in_sync.remove(&place) {
            self.version += 1;
        }
        if self.leader == Some(place) {
            (self.leader, self.epoch) = (None, self.epoch + 1);
        }
    }

    /// Somebody leads who may, if nobody does.
    pub(super) fn elect(&mut self, lives: impl Fn(usize) -> bool, unclean: bool) {
        if self.leader.is_some() {
            return;
        }
        let mut living = self.replicas.iter().copied().filter(|place| lives(*place));
        let in_sync = living.clone().find(|place| self.in_sync.contains(place));
        if in_sync.is_none() && !unclean {
            return;
        }
        if let Some(leader) = in_sync.or_else(|| living.next()) {
            (self.leader, self.epoch) = (Some(leader), self.epoch + 1);
            if in_sync.is_none() {
                self.in_sync = [leader].into();
                self.version += 1;
            }
        }
    }
}
