use crate::messaging::codec::decode_routed;
use crate::messaging::{Message, Topic};
use crate::store::{Key, Range, Revision, Row};

/// The keys of an outbox.
#[derive(Clone, Debug)]
pub(super) struct Rows(pub(super) Key);

impl Rows {
    fn under(&self, name: &str) -> Key {
        [&self.0, name.as_bytes()].concat()
    }

    /// All messages.
    pub(super) fn all(&self) -> Range {
        Range::prefix(self.under("row/"))
    }

    /// All that could not be published.
    pub(super) fn dead(&self) -> Range {
        Range::prefix(self.under("dead/"))
    }

    /// Which message was published last, where that matters.
    pub(super) fn last(&self) -> Key {
        self.under("last")
    }

    pub(super) fn lease(&self) -> Key {
        self.under("lease")
    }

    /// That of a message: by the state that its transaction has read, and by who has written it.
    ///
    /// A transaction that has seen what another one wrote has read a later state than that one did. So the order of the keys is one in
    /// which causes come before their effects, though nobody counts.
    pub(super) fn key(&self, read: Revision, writer: u64, number: u64) -> Key {
        let parts = [read.get(), writer, number].map(u64::to_be_bytes);
        [self.under("row/"), parts.concat()].concat()
    }

    /// Where a message is put that cannot be published.
    pub(super) fn dead_of(&self, key: &[u8]) -> Key {
        let name = &key[self.under("row/").len().min(key.len())..];
        [&self.under("dead/"), name].concat()
    }
}

/// What a row says, and where it is to go; nothing where it is damaged.
pub(super) fn routed(row: &Row) -> Option<(Topic, Message)> {
    decode_routed(place(&row.key), &row.value).ok()
}

/// What a row is sealed for: its place, so that it is none anywhere else.
pub(super) fn place(key: &[u8]) -> u64 {
    let tail = key.last_chunk::<8>().copied().unwrap_or_default();
    u64::from_be_bytes(tail)
}
