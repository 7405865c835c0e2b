use std::sync::Arc;

use crate::messaging::ids::{Partition, Topic, TransactionalId};
use crate::store::{Key, Range};

/// Where a broker keeps what in its store: everything begins with its name.
#[derive(Clone, Debug)]
pub(super) struct Rows(Arc<str>);

impl Rows {
    pub(super) fn new(name: Arc<str>) -> Self {
        Self(name)
    }

    fn row(&self, kind: &str, name: &str) -> Key {
        [&self.0, "/", kind, "/", name].concat().into_bytes()
    }

    /// Which life of the broker it is.
    pub(super) fn term(&self) -> Key {
        self.row("term", "")
    }

    pub(super) fn topic(&self, topic: &Topic) -> Key {
        self.row("topic", topic.as_str())
    }

    pub(super) fn topics(&self) -> Range {
        Range::prefix(self.row("topic", ""))
    }

    pub(super) fn producer(&self, id: &TransactionalId) -> Key {
        self.row("producer", id.as_str())
    }

    pub(super) fn producers(&self) -> Range {
        Range::prefix(self.row("producer", ""))
    }

    /// How the transaction of a producer ends.
    pub(super) fn decision(&self, producer: u64) -> Key {
        self.row("decision", &format!("{producer:016x}"))
    }

    pub(super) fn decisions(&self) -> Range {
        Range::prefix(self.row("decision", ""))
    }

    /// Of a partition, in the order of their indices.
    pub(super) fn entry(&self, partition: &Partition, index: u64) -> Key {
        [self.partition(partition).as_slice(), &index.to_be_bytes()].concat()
    }

    pub(super) fn entries(&self, partition: &Partition) -> Range {
        Range::prefix(self.partition(partition))
    }

    fn partition(&self, partition: &Partition) -> Key {
        // No topic has a zero in its name, so none is the beginning of another.
        let topic = self.row("entry", partition.topic.as_str());
        [topic.as_slice(), &[0], &partition.number.to_be_bytes()].concat()
    }

    /// What a key says at the end behind a prefix.
    pub(super) fn name_in<'a>(range: &Range, key: &'a [u8]) -> Option<&'a str> {
        std::str::from_utf8(key.strip_prefix(range.from.as_slice())?).ok()
    }

    /// The index of an entry.
    pub(super) fn index_in(range: &Range, key: &[u8]) -> Option<u64> {
        let index = key.strip_prefix(range.from.as_slice())?;
        Some(u64::from_be_bytes(index.try_into().ok()?))
    }
}
