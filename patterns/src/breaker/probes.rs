use std::time::Duration;

use cascadia_runtime::Time;

use super::window::{Limits, Mark, Tally};
use super::{HalfOpen, Reopen};

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
        let deadline = now + rules.max_wait.unwrap_or(open_wait);
        Self { rules, free: rules.permits, tally: Tally::default(), deadline }
    }

    pub(super) fn deadline(&self) -> Time {
        self.deadline
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
        if mark.failed && self.rules.reopen == Reopen::FirstFailure {
            Verdict::Fails
        } else if self.tally.calls < f64::from(self.rules.permits) {
            Verdict::Unknown
        } else if self.tally.exceeds(limits) {
            Verdict::Fails
        } else {
            Verdict::Works
        }
    }
}
