use std::collections::BTreeSet;

use cascadia_runtime::Time;

use super::core::{Part, Raft, Votes};
use super::entry::{Hard, MemberId, Payload};
use super::leadership::Leadership;
use super::message::Body;

impl Raft {
    /// Begins an election, with itself as a candidate.
    pub(super) fn stand(&mut self, now: Time) {
        self.hard = Hard { term: self.hard.term + 1, voted_for: Some(self.me) };
        self.durability.on_hard_changed();
        let own = self.durability.covering(&self.log);
        self.part = Part::Candidate(Votes { granted: BTreeSet::new(), own });
        self.leader = None;
        self.wait_for_leader(now);
        let [last_index, last_term] = [self.log.last_index(), self.log.last_term()];
        for to in self.others.clone() {
            self.send_durably(to, Body::RequestVote { last_index, last_term });
        }
    }

    /// `last` has the term of the candidate's last entry, and its index.
    pub(super) fn on_request_vote(
        &mut self,
        now: Time,
        from: MemberId,
        term: u64,
        last: (u64, u64),
    ) {
        let is_free = self.hard.voted_for.is_none_or(|voted_for| voted_for == from);
        let is_up_to_date = last >= (self.log.last_term(), self.log.last_index());
        let granted = term == self.hard.term && is_free && is_up_to_date;
        if granted {
            if self.hard.voted_for.is_none() {
                self.hard.voted_for = Some(from);
                self.durability.on_hard_changed();
            }
            self.wait_for_leader(now);
        }
        self.send_durably(from, Body::Vote { granted });
    }

    pub(super) fn on_vote(&mut self, now: Time, from: MemberId, term: u64, granted: bool) {
        let is_current = term == self.hard.term;
        if let Part::Candidate(votes) = &mut self.part
            && is_current
            && granted
        {
            votes.granted.insert(from);
            self.lead_if_elected(now);
        }
    }

    /// A candidate's vote for itself counts like any other: when it cannot be forgotten.
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
        if votes.granted.len() < self.majority() {
            return;
        }
        let first_index = self.log.push(self.hard.term, Payload::Noop);
        self.part = Part::Leader(Leadership::new(now, &self.others, first_index));
        self.leader = Some(self.me);
        self.beat(now);
    }
}
