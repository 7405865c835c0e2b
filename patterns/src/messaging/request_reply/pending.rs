use std::collections::{BTreeMap, VecDeque};

/// How requests ended, and what came for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestCounts {
    /// Requests that were made.
    pub made: u64,
    /// Those that were replied to.
    pub replied: u64,
    /// Those that were not, in time.
    pub timed_out: u64,
    /// Those that could not be sent.
    pub not_sent: u64,
    /// Those that nobody waited for any more.
    pub dropped: u64,
    /// Replies that came when their request was given up.
    pub late: u64,
    /// Replies that were not the first.
    pub duplicate: u64,
    /// Replies to nothing that is known: of long ago, or of an earlier life.
    pub stray: u64,
}

/// How a request ends without a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// Its time was over.
    TimedOut,
    /// It could not be sent.
    NotSent,
    /// Nobody waits any more.
    Dropped,
}

/// The requests that wait for a reply, by number. `W` is whoever waits.
#[derive(Debug)]
pub struct Pending<W> {
    open: BTreeMap<u64, W>,
    next: u64,
    /// The last that have ended, and whether that was by a reply.
    ended: VecDeque<(u64, bool)>,
    remembered: usize,
    counts: RequestCounts,
}

impl<W> Pending<W> {
    /// None yet.
    pub fn new(remembered: usize) -> Self {
        let (open, ended) = (BTreeMap::new(), VecDeque::new());
        Self { open, next: 0, ended, remembered, counts: RequestCounts::default() }
    }

    /// A request is made. This is its number.
    pub fn open(&mut self, waiter: W) -> u64 {
        let number = self.next;
        self.next += 1;
        self.counts.made += 1;
        self.open.insert(number, waiter);
        number
    }

    /// A reply came: for whom, if somebody waits.
    pub fn on_reply(&mut self, number: u64) -> Option<W> {
        if let Some(waiter) = self.open.remove(&number) {
            self.counts.replied += 1;
            self.remember(number, true);
            return Some(waiter);
        }
        match self.ended.iter().rev().find(|(other, _)| *other == number) {
            Some((_, true)) => self.counts.duplicate += 1,
            Some((_, false)) => self.counts.late += 1,
            None => self.counts.stray += 1,
        }
        None
    }

    /// A reply came to something that is none of these.
    pub fn on_stray(&mut self) {
        self.counts.stray += 1;
    }

    /// A request is given up. One that has ended stays as it is.
    pub fn close(&mut self, number: u64, why: Unanswered) {
        if self.open.remove(&number).is_none() {
            return;
        }
        match why {
            Unanswered::TimedOut => self.counts.timed_out += 1,
            Unanswered::NotSent => self.counts.not_sent += 1,
            Unanswered::Dropped => self.counts.dropped += 1,
        }
        self.remember(number, false);
    }

    fn remember(&mut self, number: u64, is_replied: bool) {
        self.ended.push_back((number, is_replied));
        while self.ended.len() > self.remembered {
            self.ended.pop_front();
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// How they ended so far.
    pub fn counts(&self) -> RequestCounts {
        self.counts
    }
}
