use std::collections::BTreeMap;

use cascadia_runtime::Stream;

use crate::messaging::{Bytes, Topic, partition_of};

/// Chooses the partition of a message.
///
/// Without a key it stays with one partition until that has got a batch, and then takes any other:
/// round robin would fill as many batches as there are partitions, all of them slowly (KIP-794).
#[derive(Debug, Default)]
pub(super) struct Sticky(BTreeMap<Topic, (u32, usize)>);

impl Sticky {
    /// The partition for a message of this key and size, where a topic has so many.
    pub(super) fn choose(
        &mut self,
        topic: &Topic,
        partitions: u32,
        (key, bytes): (Option<&Bytes>, usize),
        batch: usize,
        stream: &mut Stream,
    ) -> u32 {
        if let Some(key) = key {
            return partition_of(key, partitions);
        }
        let mut any = || stream.below(u64::from(partitions)) as u32;
        let (stays, sent) = match self.0.get_mut(topic) {
            Some(it) => it,
            None => self.0.entry(topic.clone()).or_insert_with(|| (any(), 0)),
        };
        if *sent >= batch || *stays >= partitions {
            (*stays, *sent) = (any(), 0);
        }
        *sent += bytes.max(1);
        *stays
    }
}
