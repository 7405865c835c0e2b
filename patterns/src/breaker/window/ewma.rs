use std::time::Duration;

use cascadia_runtime::Time;

use super::{Mark, Memory, Tally};

/// All outcomes, weighing half as much after every half-life.
#[derive(Debug)]
pub(in crate::breaker) struct Ewma {
    half_life: f64,
    tally: Tally,
    at: Time,
}

impl Ewma {
    pub(in crate::breaker) fn new(half_life: Duration) -> Self {
        Self { half_life: half_life.as_secs_f64(), tally: Tally::default(), at: Time::ZERO }
    }

    fn decay(&mut self, now: Time) {
        let weight = libm::exp2(-now.since(self.at).as_secs_f64() / self.half_life);
        self.tally.calls *= weight;
        self.tally.failed *= weight;
        self.tally.slow *= weight;
        self.at = self.at.max(now);
    }
}

impl Memory for Ewma {
    fn record(&mut self, now: Time, mark: Mark) {
        self.decay(now);
        self.tally.add(mark);
    }

    fn tally(&mut self, now: Time) -> Tally {
        self.decay(now);
        self.tally
    }

    fn clear(&mut self) {
        self.tally = Tally::default();
    }
}
