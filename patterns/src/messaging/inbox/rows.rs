use cascadia_runtime::Wall;

use crate::messaging::{Group, MessageId};
use crate::store::{Key, Range};

/// The keys of an inbox.
#[derive(Clone, Debug)]
pub(super) struct Rows(pub(super) Key);

impl Rows {
    /// That a group has done a message. The length of the name comes first, so that no two names and ids are
    /// one key.
    pub(super) fn of(&self, group: &Group, id: &MessageId) -> Key {
        let group = group.as_str().as_bytes();
        let length = (group.len() as u32).to_be_bytes();
        [&self.0, b"id/".as_slice(), &length, group, id.as_str().as_bytes()].concat()
    }

    /// The same, by when.
    pub(super) fn by_age(&self, at: Wall, key: &[u8]) -> Key {
        [&self.0, b"at/".as_slice(), &at.as_nanos().to_be_bytes(), &key[self.0.len()..]].concat()
    }

    /// All that was done before.
    pub(super) fn before(&self, at: Wall) -> Range {
        let start = [&self.0, b"at/".as_slice()].concat();
        let end = [&start, at.as_nanos().to_be_bytes().as_slice()].concat();
        Range::new(start, end)
    }
}
