use cascadia_runtime::Time;

use super::{Limits, Mark, Memory, Tally};

/// The failures since the last success. Overload neither adds to the run nor ends it.
#[derive(Debug)]
pub(in crate::breaker) struct Consecutive {
    most: u32,
    run: u32,
}

impl Consecutive {
    pub(in crate::breaker) fn new(most: u32) -> Self {
        Self { most, run: 0 }
    }

    pub(in crate::breaker) fn run(&self) -> u32 {
        self.run
    }
}

impl Memory for Consecutive {
    fn record(&mut self, _: Time, mark: Mark) {
        if !mark.failed {
            self.run = 0;
        } else if !mark.overload {
            self.run = self.run.saturating_add(1);
        }
    }

    fn tally(&mut self, _: Time) -> Tally {
        let run = f64::from(self.run);
        Tally { calls: run, failed: run, slow: 0.0 }
    }

    fn trips(&mut self, _: Time, _: &Limits) -> bool {
        self.run >= self.most
    }

    fn clear(&mut self) {
        self.run = 0;
    }
}
