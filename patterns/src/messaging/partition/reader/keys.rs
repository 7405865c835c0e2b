use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use crate::messaging::bytes::Bytes;

/// Which messages wait for one of the same key.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// The first of each is on its way, the others wait.
    lines: BTreeMap<Bytes, VecDeque<u64>>,
    key_of: BTreeMap<u64, Bytes>,
}

impl Keys {
    /// Joins the line of a key, and says whether the message is the first in it.
    pub(super) fn join(&mut self, key: &Bytes, offset: u64) -> bool {
        if let Entry::Vacant(vacant) = self.key_of.entry(offset) {
            vacant.insert(key.clone());
            self.lines.entry(key.clone()).or_default().push_back(offset);
        }
        self.lines.get(key).and_then(VecDeque::front) == Some(&offset)
    }

    /// Leaves the line, and says who is the first now, if that was this one.
    pub(super) fn leave(&mut self, offset: u64) -> Option<u64> {
        let key = self.key_of.remove(&offset)?;
        let line = self.lines.get_mut(&key)?;
        let was_first = line.front() == Some(&offset);
        line.retain(|other| *other != offset);
        let next = line.front().copied().filter(|_| was_first);
        if line.is_empty() {
            self.lines.remove(&key);
        }
        next
    }

    /// How many wait.
    pub(super) fn parked(&self) -> usize {
        self.key_of.len() - self.lines.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
