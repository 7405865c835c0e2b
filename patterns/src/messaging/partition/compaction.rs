use std::collections::BTreeMap;
use std::time::Duration;

use super::core::PartitionCore;
use super::log::Fate;
use crate::messaging::topic::Keep;

/// How long a tombstone is kept, so that everybody hears that its key is deleted (Kafka
/// `delete.retention.ms`).
pub const TOMBSTONES_FOR: Duration = Duration::from_secs(24 * 3_600);

/// Messages that are worth no look.
const SLACK: usize = 64;

impl PartitionCore {
    /// Of a topic that keeps the last message of each key, lets go of the others, when half of all is new
    /// (Kafka `min.cleanable.dirty.ratio`). Messages without a key are kept.
    pub(super) fn compact(&mut self) {
        let length = self.base.log.len();
        let is_due = length >= (2 * self.trimming.compacted).max(SLACK);
        if self.settings.keep != Keep::LastOfKey || !is_due {
            return;
        }
        let end = self.base.log.horizon().min(self.open.first());
        let wall = self.base.now.wall;
        let mut newest = BTreeMap::new();
        for record in self.base.log.iter().rev() {
            let is_there = record.fate == Fate::Committed && record.offset < end;
            if let Some(key) = record.message.as_ref().and_then(|message| message.key.clone())
                && is_there
            {
                newest.entry(key).or_insert(record.offset);
            }
        }
        let gone = self.base.log.retain(|record| {
            let Some(message) = &record.message else { return false };
            let is_last = message
                .key
                .as_ref()
                .is_none_or(|key| newest.get(key).is_none_or(|newest| *newest <= record.offset));
            let is_old_tombstone =
                message.body.is_none() && wall.since(record.at) >= TOMBSTONES_FOR;
            record.offset >= end || is_last && !is_old_tombstone && record.fate != Fate::Aborted
        });
        gone.into_iter().for_each(|entry| self.base.journal.forget(entry));
        self.trimming.compacted = self.base.log.len();
    }
}
