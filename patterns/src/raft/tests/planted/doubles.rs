use std::collections::BTreeMap;

use crate::raft::tests::world::Between;
use crate::raft::{
    Body, Envelope, Hard, Last, MemberId, Message, Outcome, Persist, Raft, Ready, Role, Saved,
};

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

#[derive(Default)]
pub(super) struct VotesForAnybody {
    asked: BTreeMap<(MemberId, u64), Last>,
}

impl Between for VotesForAnybody {
    fn on_message(&mut self, _: &Raft, from: MemberId, message: &mut Message) {
        if let Body::RequestVote { last } = &mut message.body {
            self.asked.insert((from, message.term), *last);
            *last = Last { term: u64::MAX, index: u64::MAX };
        }
    }

    fn on_ready(&mut self, _: &Raft, ready: &mut Ready) {
        for Envelope { to, message } in &mut ready.messages {
            if let Body::Vote { asked, .. } = &mut message.body
                && let Some(last) = self.asked.get(&(*to, message.term))
            {
                *asked = *last;
            }
        }
    }
}

pub(super) struct ReadsAlone;

impl Between for ReadsAlone {
    fn reads_alone(&self) -> bool {
        true
    }
}

/// Commits what a majority has, of whatever term it is.
#[derive(Default)]
pub(super) struct CommitsByCounting {
    /// What each follower has, in the last term in which it answered.
    matched: BTreeMap<MemberId, (u64, u64)>,
    applied: u64,
    members: u64,
}

impl Between for CommitsByCounting {
    fn on_start(&mut self, _: &Saved) {
        *self = Self::default();
    }

    fn on_message(&mut self, _: &Raft, from: MemberId, message: &mut Message) {
        if let Body::Appended { outcome: Outcome::Accepted { matched }, .. } = message.body {
            let known = self.matched.entry(from).or_default();
            *known = (message.term, matched).max(*known);
        }
    }

    fn on_ready(&mut self, raft: &Raft, ready: &mut Ready) {
        let status = raft.status();
        let highest = ready.messages.iter().map(|envelope| envelope.to.0 + 1).max().unwrap_or(0);
        self.members = self.members.max(highest).max(raft.id().0 + 1);
        let mut counted = 0;
        if status.role == Role::Leader {
            let of_term = self.matched.values().filter(|(term, _)| *term == status.term);
            let mut all: Vec<_> = of_term.map(|(_, matched)| *matched).collect();
            all.push(raft.durable_index());
            all.sort_unstable_by(|one, other| other.cmp(one));
            counted = all.get(self.members as usize / 2).copied().unwrap_or(0);
        }
        let commit = counted.max(raft.commit_index());
        let new = (self.applied + 1..=commit).filter_map(|index| raft.entry(index).cloned());
        ready.committed = new.collect();
        self.applied = self.applied.max(commit);
        for envelope in &mut ready.messages {
            if let Body::Append(append) = &mut envelope.message.body {
                append.commit = append.commit.max(counted);
            }
        }
    }
}
