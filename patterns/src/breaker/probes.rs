use std::time::Duration;

use cascadia_runtime::Time;

use super::window::{Limits, Mark, Tally};
use super::{HalfOpen, Reopen, Stuck};

/// The probes of one half-open phase.
#[derive(Debug)]
pub(super) struct Probes {
    rules: HalfOpen,
    free: u32,
    tally: Tally,
    /// How long a probe may take; `None` is any time.
    patience: Option<Duration>,
    /// When those that are under way began, the oldest first.
    under_way: Vec<Time>,
}

/// What the probes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Unknown,
    Works,
    Fails,
}

impl Probes {
    /// Those of another phase; `under_way` is what earlier ones left behind.
    pub(super) fn new(rules: HalfOpen, open_wait: Duration, mut under_way: Vec<Time>) -> Self {
        let patience = match rules.stuck {
            Stuck::Wait => None,
            Stuck::Open | Stuck::Close => Some(rules.max_wait.unwrap_or(open_wait)),
        };
        under_way.clear();
        Self { rules, free: rules.permits, tally: Tally::default(), patience, under_way }
    }

    /// What is left for the next phase, so that it need not allocate.
    pub(super) fn leave(self) -> Vec<Time> {
        self.under_way
    }

    /// When they are given up: the oldest of those under way has then taken too long. While none is
    /// under way nothing is stuck, however seldom calls come.
    pub(super) fn deadline(&self) -> Time {
        match (self.under_way.first(), self.patience) {
            (Some(oldest), Some(patience)) => *oldest + patience,
            _ => Time::MAX,
        }
    }

    /// The time until they are given up, if that comes.
    pub(super) fn wait(&self, now: Time) -> Option<Duration> {
        let deadline = self.deadline();
        (deadline < Time::MAX).then(|| deadline.since(now))
    }

    pub(super) fn has_free(&self) -> bool {
        self.free > 0
    }

    pub(super) fn take(&mut self, now: Time) -> bool {
        let taken = self.has_free();
        if taken {
            self.free -= 1;
            self.under_way.push(now);
        }
        taken
    }

    /// A probe that began at `began` was dropped or says nothing; another may go.
    pub(super) fn give_back(&mut self, began: Time) {
        self.ended(began);
        self.free += 1;
    }

    fn ended(&mut self, began: Time) {
        if let Ok(place) = self.under_way.binary_search(&began) {
            self.under_way.remove(place);
        }
    }

    pub(super) fn record(&mut self, began: Time, mark: Mark, limits: &Limits) -> Verdict {
        self.ended(began);
        self.tally.add(mark);
        let (ended, good) = (self.tally.calls, self.tally.calls - self.tally.failed);
        let all_ended = ended >= f64::from(self.rules.permits);
        let enough = self.rules.successes.map_or(all_ended, |least| good >= f64::from(least));
        if mark.failed && self.rules.reopen == Reopen::FirstFailure {
            Verdict::Fails
        } else if enough && !self.tally.exceeds(limits) {
            Verdict::Works
        } else if enough || all_ended {
            Verdict::Fails
        } else {
            Verdict::Unknown
        }
    }
}
