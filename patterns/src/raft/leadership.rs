use cascadia_runtime::Time;

use super::entry::MemberId;
use super::reads::Reads;

/// What a member knows as long as it leads, and only then.
#[derive(Debug)]
pub(super) struct Leadership {
    pub(super) followers: Vec<Follower>,
    /// The entry that began the term. When it is committed, so is all that earlier leaders have
    /// committed.
    pub(super) first_index: u64,
    /// How many rounds of heartbeats have begun.
    pub(super) round: u64,
    pub(super) heartbeat_at: Time,
    pub(super) reads: Reads,
}

impl Leadership {
    pub(super) fn new(now: Time, others: &[MemberId], first_index: u64) -> Self {
        let follower = |id: &MemberId| Follower::new(*id, first_index, now);
        Self {
            followers: others.iter().map(follower).collect(),
            first_index,
            round: 0,
            heartbeat_at: now,
            reads: Reads::default(),
        }
    }

    /// The last entry that a majority has on disk, `own` being the last that the leader has.
    pub(super) fn matched(&self, own: u64) -> u64 {
        self.by_majority(own, |follower| follower.matched)
    }

    /// When a majority had last answered, the leader being one of it.
    pub(super) fn heard(&self) -> Time {
        self.by_majority(Time::MAX, |follower| follower.heard)
    }

    /// The last round of heartbeats that a majority has answered.
    pub(super) fn confirmed(&self) -> u64 {
        self.by_majority(self.round, |follower| follower.round)
    }

    /// The most that a majority has reached.
    fn by_majority<T: Ord>(&self, own: T, of: impl Fn(&Follower) -> T) -> T {
        let mut all: Vec<T> = self.followers.iter().map(of).collect();
        all.push(own);
        all.sort_unstable();
        all.swap_remove((all.len() - 1) / 2)
    }
}

/// What a leader knows of a follower.
#[derive(Debug)]
pub(super) struct Follower {
    pub(super) id: MemberId,
    /// The last entry that is known to be on its disk and the same.
    pub(super) matched: u64,
    /// The next entry to send.
    pub(super) next: u64,
    /// Where its log parts from the leader's is not known: one message at a time is sent to find
    /// out. Else they are sent without waiting for answers.
    pub(super) is_probed: bool,
    /// The last round that it has answered.
    pub(super) round: u64,
    /// When it did.
    pub(super) heard: Time,
}

impl Follower {
    fn new(id: MemberId, next: u64, now: Time) -> Self {
        Self { id, matched: 0, next, is_probed: true, round: 0, heard: now }
    }

    pub(super) fn on_answer(&mut self, now: Time, round: u64) {
        self.heard = now;
        self.round = self.round.max(round);
    }

    pub(super) fn on_accepted(&mut self, matched: u64) {
        self.matched = self.matched.max(matched);
        if self.is_probed {
            self.is_probed = false;
            self.next = self.matched + 1;
        }
        self.next = self.next.max(self.matched + 1);
    }

    /// Whether the refusal of an append after `prev_index` says anything new.
    pub(super) fn is_news(&self, prev_index: u64) -> bool {
        if self.is_probed { prev_index + 1 == self.next } else { prev_index > self.matched }
    }

    /// Tries again with what follows `next - 1`.
    pub(super) fn probe(&mut self, next: u64) {
        self.is_probed = true;
        self.next = next.max(self.matched + 1);
    }
}
