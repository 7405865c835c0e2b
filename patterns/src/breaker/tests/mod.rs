mod config;
mod core;
mod defects;
mod layer;
mod properties;
mod rules;

use cascadia_runtime::{Stream, Time};

use super::*;
use crate::call::{Rejection, Status};
use crate::observe::BreakerState;
use crate::testing::ms;

/// A core with its randomness.
struct Bench {
    core: Breaker,
    stream: Stream,
}

impl Bench {
    fn new(config: BreakerConfig) -> Self {
        config.check().unwrap();
        Self { core: Breaker::new(config), stream: Stream::from_seed(1) }
    }

    fn call(&mut self, now: Time) -> Result<Permit, Rejection> {
        self.core.on_call(now, &mut self.stream)
    }

    fn admit(&mut self, now: Time) -> Permit {
        self.call(now).unwrap()
    }

    fn refused(&mut self, now: Time) -> Rejection {
        self.call(now).unwrap_err()
    }

    fn status(&mut self, now: Time) -> Status {
        self.core.status(now, &mut self.stream)
    }

    fn ok(&mut self, now: Time, permit: Permit) {
        self.core.on_success(now, permit, &mut self.stream);
    }

    fn fail(&mut self, now: Time, permit: Permit) {
        self.core.on_failure(now, permit, false, &mut self.stream);
    }

    fn overload(&mut self, now: Time, permit: Permit) {
        self.core.on_failure(now, permit, true, &mut self.stream);
    }

    /// Fails calls until the circuit opens.
    fn break_at(&mut self, now: Time) {
        while self.core.state() == BreakerState::Closed {
            let permit = self.admit(now);
            self.fail(now, permit);
        }
        assert_eq!(self.core.state(), BreakerState::Open);
    }
}

/// Opens after two failures in a row, for exactly 100 ms, then 200 ms and 400 ms; two probes.
fn plain() -> BreakerConfig {
    BreakerConfig {
        windows: Vec::new(),
        consecutive: Some(2),
        open: OpenWait {
            base: ms(100),
            factor: 2.0,
            max: ms(400),
            jitter: Jitter::None,
            min: None,
        },
        half_open: HalfOpen { permits: 2, ..HalfOpen::default() },
        ..BreakerConfig::default()
    }
}
