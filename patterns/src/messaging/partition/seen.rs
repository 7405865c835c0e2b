use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use cascadia_runtime::Wall;

use super::entry::Known;
use crate::messaging::ids::{MessageId, Offset};

/// The ids of the messages of the last minutes.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: BTreeMap<MessageId, Offset>,
    by_age: VecDeque<Known>,
    /// What is written down apart from messages, with when the last of it came.
    entries: VecDeque<(Wall, u64)>,
}

impl Seen {
    pub(super) fn get(&self, id: &MessageId) -> Option<Offset> {
        self.ids.get(id).copied()
    }

    pub(super) fn add(&mut self, known: Known) {
        self.ids.insert(known.id.clone(), known.offset);
        self.by_age.push_back(known);
    }

    /// Forgets what is older than the window, and says what is written of it.
    pub(super) fn expire(&mut self, now: Wall, window: Duration) -> Vec<u64> {
        while self.by_age.front().is_some_and(|known| now.since(known.at) >= window) {
            let Some(old) = self.by_age.pop_front() else { break };
            // It may have come again after its time.
            if self.ids.get(&old.id) == Some(&old.offset) {
                self.ids.remove(&old.id);
            }
        }
        let mut gone = Vec::new();
        while self.entries.front().is_some_and(|(last, _)| now.since(*last) >= window) {
            gone.extend(self.entries.pop_front().map(|(_, entry)| entry));
        }
        gone
    }

    /// Those of some offsets.
    pub(super) fn between(&self, offsets: std::ops::Range<u64>) -> Vec<Known> {
        let place = |offset: u64| self.by_age.partition_point(|known| known.offset.0 < offset);
        let (from, to) = (place(offsets.start), place(offsets.end));
        self.by_age.range(from..to.max(from)).cloned().collect()
    }

    /// That some are written down, of which the last came at `last`.
    pub(super) fn written(&mut self, last: Wall, entry: u64) {
        self.entries.push_back((last, entry));
    }
}
