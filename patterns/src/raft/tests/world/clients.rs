use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_runtime::Time;

use crate::raft::{Entry, Payload, Proposed};

/// What clients have asked for, and what they were told.
#[derive(Default)]
pub(crate) struct Clients {
    sent: u64,
    /// By the place of the member, its life and the index.
    proposed: BTreeMap<(usize, u64, u64), Sent>,
    /// The least index that the answer to a read must show, by its id.
    reads: BTreeMap<u64, u64>,
    /// What somebody has seen: a later read must not show less.
    seen: u64,
    /// The commands that were acknowledged, by their index.
    pub(crate) acknowledged: BTreeMap<u64, Payload>,
    /// The first index that was acknowledged to who asked after the trouble was over.
    pub(crate) recovered: Option<u64>,
}

struct Sent {
    term: u64,
    payload: Payload,
    at: Time,
}

impl Clients {
    /// Something that nobody else sends.
    pub(crate) fn command(&mut self) -> Arc<[u8]> {
        self.sent += 1;
        Arc::from(self.sent.to_le_bytes())
    }

    pub(crate) fn on_proposed(
        &mut self,
        (place, life): (usize, u64),
        proposed: Proposed,
        command: Arc<[u8]>,
        at: Time,
    ) {
        let Proposed { term, index } = proposed;
        let sent = Sent { term, payload: Payload::Command(command), at };
        self.proposed.insert((place, life, index), sent);
    }

    /// Who has proposed it there is told, if it is the same entry.
    pub(crate) fn on_applied(&mut self, (place, life): (usize, u64), entry: &Entry, end: Time) {
        let Some(sent) = self.proposed.remove(&(place, life, entry.index)) else { return };
        if sent.term == entry.term {
            self.acknowledged.insert(entry.index, sent.payload);
            self.seen = self.seen.max(entry.index);
            if sent.at > end {
                self.recovered.get_or_insert(entry.index);
            }
        }
    }

    pub(crate) fn on_read(&mut self) -> u64 {
        self.sent += 1;
        self.reads.insert(self.sent, self.seen);
        self.sent
    }

    /// The least index that must have been applied where the read is answered.
    pub(crate) fn on_read_answered(&mut self, id: u64, applied: u64) -> u64 {
        self.seen = self.seen.max(applied);
        self.reads.remove(&id).unwrap()
    }
}
