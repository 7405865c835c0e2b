use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::Time;

use super::words::Fetch;

/// What who leads a partition knows of a follower.
pub(super) struct Peer {
    /// Which of its lives, and its newest question.
    newest: (u64, u64),
    /// It has the entries up to this.
    pub(super) matched: u64,
    /// It was sent those up to this.
    sent: u64,
    /// When it last had all that there was.
    caught_up: Time,
    /// When it last asked, and the end of the log then.
    asked: (Time, u64),
    /// Its question is not answered.
    pub(super) waits: bool,
    /// What it may forget, once it has an entry.
    forgotten: VecDeque<(u64, u64)>,
}

impl Peer {
    pub(super) fn new(now: Time, end: u64) -> Self {
        let (newest, forgotten) = ((0, 0), VecDeque::new());
        let (caught_up, asked, waits) = (now, (now, end), false);
        Self { newest, matched: 0, sent: 0, caught_up, asked, waits, forgotten }
    }

    /// It asks, of a log with this end. Whether that is news.
    pub(super) fn on_fetch(&mut self, now: Time, fetch: &Fetch, end: u64) -> bool {
        let newest = (fetch.from.1, fetch.number);
        if newest <= self.newest {
            return false;
        }
        self.newest = newest;
        self.matched = fetch.next - 1;
        self.waits = true;
        let (at, before) = std::mem::replace(&mut self.asked, (now, end));
        if self.matched >= end {
            self.caught_up = now;
        } else if self.matched >= before {
            self.caught_up = self.caught_up.max(at);
        }
        true
    }

    /// Which of its lives it was last heard of in.
    pub(super) const fn life(&self) -> u64 {
        self.newest.0
    }

    /// Its newest question.
    pub(super) const fn number(&self) -> u64 {
        self.newest.1
    }

    /// Whether it has not had all for longer than this.
    pub(super) fn is_behind(&self, now: Time, lag: Duration) -> bool {
        now.since(self.caught_up) > lag
    }

    /// An entry is needed no more once another is there. What it was never sent, it will not be sent.
    pub(super) fn add_forgotten(&mut self, (needs, index): (u64, u64)) {
        if index <= self.sent.max(self.matched) {
            self.forgotten.push_back((needs, index));
        }
    }

    /// It is sent the entries up to this. What it may forget when it has them.
    pub(super) fn on_sent(&mut self, end: u64) -> Vec<u64> {
        self.sent = end;
        let due = self.forgotten.partition_point(|(needs, _)| *needs <= end);
        self.forgotten.drain(..due).map(|(_, index)| index).collect()
    }
}
