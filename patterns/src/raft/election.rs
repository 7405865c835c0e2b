use std::collections::BTreeSet;

use cascadia_runtime::Time;

use super::core::{Part, Raft, Votes};
use super::entry::{Hard, MemberId, Payload};
use super::leadership::Leadership;
use super::message::{Body, Envelope, Last, Message};

impl Raft {
    /// Begins an election, with itself as a candidate.
    pub(super) fn stand(&mut self, now: Time) {
        self.hard = Hard { term: self.hard.term + 1, voted_for: Some(self.me) };
        self.durability.on_hard_changed();
        let own = self.durability.covering(&self.log);
        let last = self.log.last();
        self.part = Part::Candidate(Votes { granted: BTreeSet::new(), own, last });
        self.leader = None;
        self.wait_for_leader(now);
        for to in &self.others {
            let message = Message { term: self.hard.term, body: Body::RequestVote { last } };
            self.outbox.send(Envelope { to: *to, message });
        }
    }

    pub(super) fn on_request_vote(&mut self, now: Time, from: MemberId, term: u64, last: Last) {
        let is_free = self.hard.voted_for.is_none_or(|voted_for| voted_for == from);
        let granted = term == self.hard.term && is_free && last >= self.log.last();
        if granted {
            if self.hard.voted_for.is_none() {
                self.hard.voted_for = Some(from);
                self.durability.on_hard_changed();
            }
            self.wait_for_leader(now);
        }
        self.send_durably(from, Body::Vote { granted, asked: last });
    }

    /// A vote is granted, in `term` and to whoever has said that its log ends with `asked`.
    pub(super) fn on_vote(&mut self, now: Time, from: MemberId, term: u64, asked: Last) {
        let is_current = term == self.hard.term;
        if let Part::Candidate(votes) = &mut self.part
            && is_current
            && votes.last == asked
        {
            votes.granted.insert(from);
            self.lead_if_elected(now);
        }
    }

    /// A candidate's vote for itself counts when it cannot be forgotten, and nobody leads without it:
    /// after a crash it could lead once more in the same term, and put other entries in the same
    /// places.
    pub(super) fn count_own_vote(&mut self, now: Time) {
        let (me, durable) = (self.me, self.durability.durable());
        if let Part::Candidate(votes) = &mut self.part
            && votes.own <= durable
        {
            votes.granted.insert(me);
            self.lead_if_elected(now);
        }
    }

    fn lead_if_elected(&mut self, now: Time) {
        let Part::Candidate(votes) = &self.part else { return };
        if votes.granted.len() < self.majority() || !votes.granted.contains(&self.me) {
            return;
        }
        let first_index = self.log.push(self.hard.term, Payload::Noop);
        self.part = Part::Leader(Leadership::new(now, &self.others, first_index));
        self.leader = Some(self.me);
        self.beat(now);
    }
}
