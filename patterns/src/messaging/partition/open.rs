use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::messaging::identity::ProducerIdentity;

/// Transactions that have not ended, or whose end is not durable.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// By producer, what it has published in its transaction.
    of: BTreeMap<u64, Vec<u64>>,
    /// With the entry that ends it, and its first offset.
    ending: VecDeque<(u64, u64)>,
    /// What has ended, by its last offset, with the entry that says so.
    ended: BTreeSet<(u64, u64)>,
}

impl Open {
    pub(super) fn add(&mut self, producer: ProducerIdentity, offsets: std::ops::Range<u64>) {
        self.of.entry(producer.id).or_default().extend(offsets);
    }

    /// Ends that of a producer, if it has one.
    pub(super) fn end(&mut self, producer: ProducerIdentity, entry: u64) -> Vec<u64> {
        let offsets = self.of.remove(&producer.id).unwrap_or_default();
        if let (Some(first), Some(last)) = (offsets.first(), offsets.last()) {
            self.ending.push_back((entry, *first));
            self.ended.insert((*last, entry));
        }
        offsets
    }

    pub(super) fn producers(&self) -> impl Iterator<Item = u64> {
        self.of.keys().copied()
    }

    pub(super) fn is_open(&self, id: u64) -> bool {
        self.of.contains_key(&id)
    }

    pub(super) fn on_durable(&mut self, durable: u64) {
        while self.ending.front().is_some_and(|(entry, _)| *entry <= durable) {
            self.ending.pop_front();
        }
    }

    /// Where the first message is of which it is not known whether it is committed.
    pub(super) fn first(&self) -> u64 {
        if self.of.is_empty() && self.ending.is_empty() {
            return u64::MAX;
        }
        let open = self.of.values().filter_map(|offsets| offsets.first());
        let ending = self.ending.iter().map(|(_, first)| first);
        open.chain(ending).copied().min().unwrap_or(u64::MAX)
    }

    /// The ends that nobody needs to know any more, as nothing is left from `start` on.
    pub(super) fn trim(&mut self, start: u64) -> Vec<u64> {
        let mut gone = Vec::new();
        while let Some((_, entry)) = self.ended.first().filter(|(last, _)| *last < start).copied() {
            self.ended.pop_first();
            gone.push(entry);
        }
        gone
    }
}
