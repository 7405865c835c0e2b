use cascadia_runtime::Time;

use super::core::{Part, Raft};
use super::entry::MemberId;
use super::leadership::Follower;
use super::message::{Append, Body, Envelope, Message, Outcome};

/// Messages with entries that are under way to a follower at most.
const MOST_UNDER_WAY: u64 = 4;

impl Raft {
    /// Begins a round of heartbeats.
    pub(super) fn beat(&mut self, now: Time) {
        let Part::Leader(leadership) = &mut self.part else { return };
        leadership.round += 1;
        leadership.heartbeat_at = now + self.config.heartbeat;
        let silence = self.config.election_timeout_min;
        for follower in &mut leadership.followers {
            if now.since(follower.heard) > silence {
                follower.probe(follower.matched + 1);
            }
        }
        for place in 0..self.others.len() {
            self.send_append(place);
        }
    }

    /// Sends what followers lack, as far as they are ready for it.
    pub(super) fn replicate(&mut self) {
        for place in 0..self.others.len() {
            while self.has_to_send(place) {
                self.send_append(place);
            }
        }
    }

    fn has_to_send(&self, place: usize) -> bool {
        let Part::Leader(leadership) = &self.part else { return false };
        let follower = &leadership.followers[place];
        !follower.is_probed && follower.next <= self.log.last_index() && self.room(follower) > 0
    }

    /// How many entries may be sent on top of what is under way.
    fn room(&self, follower: &Follower) -> u64 {
        let most = u64::from(self.config.max_entries);
        let under_way = follower.next - 1 - follower.matched;
        if follower.is_probed {
            most
        } else {
            most.min((most * MOST_UNDER_WAY).saturating_sub(under_way))
        }
    }

    fn send_append(&mut self, place: usize) {
        let Part::Leader(leadership) = &self.part else { return };
        let follower = &leadership.followers[place];
        let (to, prev_index) = (follower.id, follower.next - 1);
        let prev_term = self.log.term(prev_index);
        let append = Append {
            prev_index,
            prev_term: prev_term.expect("what is sent follows an entry of the leader"),
            entries: self.log.from(follower.next, self.room(follower)).to_vec(),
            commit: self.commit,
            round: leadership.round,
        };
        let sent = append.entries.len() as u64;
        let message = Message { term: self.hard.term, body: Body::Append(append) };
        self.outbox.send(Envelope { to, message });
        if let Some(follower) = self.follower(to)
            && !follower.is_probed
        {
            follower.next += sent;
        }
    }

    pub(super) fn on_appended(
        &mut self,
        now: Time,
        from: MemberId,
        term: u64,
        round: u64,
        outcome: Outcome,
    ) {
        if term < self.hard.term {
            return;
        }
        let Some(follower) = self.follower(from) else { return };
        follower.on_answer(now, round);
        match outcome {
            Outcome::Accepted { matched } => {
                follower.on_accepted(matched);
                self.advance_commit();
            }
            Outcome::Refused { prev_index, conflict_term, conflict_index } => {
                if follower.is_news(prev_index) {
                    let same = self.log.last_of_term(conflict_term);
                    let same = same.filter(|last| (1..prev_index).contains(last));
                    self.probe(from, same.map_or(conflict_index, |last| last + 1));
                }
            }
        }
        self.confirm_reads(now);
    }

    /// Tries again from where the two logs may be the same: behind the leader's last entry of the
    /// follower's term, if it has that term, and else at the first one that the follower has of it.
    fn probe(&mut self, to: MemberId, next: u64) {
        let next = next.min(self.log.last_index() + 1);
        if let Some(follower) = self.follower(to) {
            follower.probe(next);
        }
        if let Some(place) = self.others.iter().position(|other| *other == to) {
            self.send_append(place);
        }
    }

    /// Commits what a majority has, if the last of it is of this term (§5.4.2): an older entry can
    /// be replaced although a majority has it, unless one of this term is committed behind it.
    pub(super) fn advance_commit(&mut self) {
        let Part::Leader(leadership) = &self.part else { return };
        let matched = leadership.matched(self.durability.durable_index());
        if matched > self.commit && self.log.term(matched) == Some(self.hard.term) {
            self.commit = matched;
        }
    }

    /// Begins a round when reads wait for one. While one is under way the next is put off, so that
    /// many reads share it.
    pub(super) fn confirm_reads(&mut self, now: Time) {
        let Part::Leader(leadership) = &self.part else { return };
        if leadership.reads.want_round(leadership.round, leadership.confirmed()) {
            self.beat(now);
        }
    }

    fn follower(&mut self, id: MemberId) -> Option<&mut Follower> {
        let Part::Leader(leadership) = &mut self.part else { return None };
        leadership.followers.iter_mut().find(|follower| follower.id == id)
    }
}
