use tokio::sync::oneshot;

use super::answer::Told;
use super::state::State;
use crate::messaging::codec;
use crate::store::{Commit, Condition, MOST_COMMIT_BYTES};

/// The most bytes that are written together, if more do not belong together.
const ENOUGH: usize = MOST_COMMIT_BYTES / 2;

/// What is to be written next, and what that makes durable.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) commit: Commit,
    /// Of which partitions, up to which entry.
    pub(super) upto: Vec<(usize, u64)>,
    pub(super) barriers: Vec<oneshot::Sender<()>>,
}

impl State {
    /// Everything that is to be written, in this order.
    pub(super) fn take_work(&mut self) -> Vec<Work> {
        let mut all = Vec::new();
        let mut work = self.new_work();
        work.commit.writes.append(&mut self.beside.writes);
        let mut bytes = 0;
        let (mut entries, mut gone) = (Vec::new(), Vec::new());
        for place in std::mem::take(&mut self.dirty) {
            let Some((partition, core)) = self.partition(place) else { continue };
            core.take_entries(&mut entries, &mut gone);
            for entry in entries.drain(..) {
                let row = codec::encode(&entry);
                if bytes + row.len() > ENOUGH && bytes > 0 {
                    all.push(std::mem::replace(&mut work, self.new_work()));
                    bytes = 0;
                }
                bytes += row.len();
                let key = self.rows.entry(&partition, entry.index);
                work.commit.writes.insert(key, Some(row));
                match work.upto.last_mut().filter(|(at, _)| *at == place) {
                    Some((_, upto)) => *upto = entry.index,
                    None => work.upto.push((place, entry.index)),
                }
            }
            for index in gone.drain(..) {
                work.commit.writes.insert(self.rows.entry(&partition, index), None);
            }
        }
        work.barriers.append(&mut self.barriers);
        if !work.commit.writes.is_empty() || !work.barriers.is_empty() {
            all.push(work);
        }
        all
    }

    /// Nothing yet, to be written only if no later life has begun.
    fn new_work(&self) -> Work {
        let term = Condition::Equals(self.rows.term(), self.term.to_le_bytes().to_vec());
        Work { commit: Commit::new().given(term), upto: Vec::new(), barriers: Vec::new() }
    }

    pub(super) fn on_written(&mut self, work: Work) {
        for (place, upto) in work.upto {
            if let Some(core) = self.core(place) {
                core.on_durable(upto);
            }
        }
        self.told.extend(work.barriers.into_iter().map(Told::Written));
    }
}
