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
    deadline: Time,
}

/// What the probes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Unknown,
    Works,
    Fails,
}

impl Probes {
    pub(super) fn new(rules: HalfOpen, now: Time, open_wait: Duration) -> Self {
        let deadline = match rules.stuck {
            Stuck::Wait => Time::MAX,
            Stuck::Open | Stuck::Close => now + rules.max_wait.unwrap_or(open_wait),
        };
        Self { rules, free: rules.permits, tally: Tally::default(), deadline }
    }

    pub(super) fn deadline(&self) -> Time {
        self.deadline
    }

    /// The time until they are given up, if that comes.
    pub(super) fn wait(&self, now: Time) -> Option<Duration> {
        (self.deadline < Time::MAX).then(|| self.deadline.since(now))
    }

    pub(super) fn take(&mut self) -> bool {
        let taken = self.free > 0;
        self.free -= u32::from(taken);
        taken
    }

    pub(super) fn give_back(&mut self) {
        self.free += 1;
    }

    pub(super) fn record(&mut self, mark: Mark, limits: &Limits) -> Verdict {
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
