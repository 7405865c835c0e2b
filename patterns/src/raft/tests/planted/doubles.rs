use std::collections::BTreeMap;

use crate::raft::tests::world::Between;
use crate::raft::{Body, Hard, MemberId, Message, Outcome, Persist, Raft, Ready, Role, Saved};

pub(super) struct ForgetsVotes;

impl Between for ForgetsVotes {
    fn on_write(&mut self, persist: &mut Persist) {
        persist.hard = persist.hard.map(|hard| Hard { voted_for: None, ..hard });
    }
}

pub(super) struct LiesAboutWrites;

impl Between for LiesAboutWrites {
    fn lies_about_writes(&self) -> bool {
        true
    }
}

/// Adds to its file what is new and takes nothing away.
#[derive(Default)]
pub(super) struct KeepsConflicts {
    last_index: u64,
}

impl Between for KeepsConflicts {
    fn on_start(&mut self, saved: &Saved) {
        self.last_index = saved.entries.len() as u64;
    }

    fn on_write(&mut self, persist: &mut Persist) {
        persist.truncate_from = None;
        persist.append.retain(|entry| entry.index > self.last_index);
        self.last_index += persist.append.len() as u64;
    }
}

pub(super) struct VotesForAnybody;

impl Between for VotesForAnybody {
    fn on_message(&mut self, _: &Raft, _: MemberId, message: &mut Message) {
        if let Body::RequestVote { last_index, last_term } = &mut message.body {
            (*last_index, *last_term) = (u64::MAX, u64::MAX);
        }
    }
}

pub(super) struct ReadsAlone;

impl Between for ReadsAlone {
    fn reads_alone(&self) -> bool {
        true
    }
}
