use cascadia_runtime::Time;

use super::fixed_cycle::FixedCycle;
use super::gcra::Gcra;
use super::limiter::Limiter;
use super::sliding_counter::SlidingCounter;
use super::sliding_log::SlidingLog;
use super::token_bucket::TokenBucket;
use super::{Algorithm, RateLimitConfig};
use crate::call::{Layer, Reason, Rejection};

/// Counts calls and says when each may pass.
#[derive(Debug)]
pub struct RateLimit {
    limiter: Box<dyn Limiter>,
    config: RateLimitConfig,
    now: Time,
}

/// What becomes of a call.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// It passes.
    Granted,
    /// It passes later.
    Reserved(Reservation),
    /// It is refused.
    Rejected(Rejection),
}

/// Permits for later. Who does not use them [gives them back](RateLimit::on_cancelled).
#[derive(Debug, PartialEq, Eq)]
pub struct Reservation {
    pub(super) at: Time,
    pub(super) permits: u32,
}

impl Reservation {
    /// When they may be used.
    pub fn at(&self) -> Time {
        self.at
    }
}

impl RateLimit {
    /// A limit that nobody has used yet.
    pub fn new(config: RateLimitConfig) -> Self {
        let limiter: Box<dyn Limiter> = match config.algorithm {
            Algorithm::TokenBucket { rate, burst } => Box::new(TokenBucket::new(rate, burst)),
            Algorithm::Gcra { rate, burst } => Box::new(Gcra::new(rate, burst)),
            Algorithm::SlidingLog { limit, window } => Box::new(SlidingLog::new(limit, window)),
            Algorithm::SlidingCounter { limit, window } => {
                Box::new(SlidingCounter::new(limit, window))
            }
            Algorithm::FixedCycle { limit, window } => Box::new(FixedCycle::new(limit, window)),
        };
        Self { config, limiter, now: Time::ZERO }
    }

    /// A call that is worth `permits` comes, and is of no use after `deadline`.
    pub fn on_call(&mut self, now: Time, permits: u32, deadline: Time) -> Decision {
        self.now = self.now.max(now);
        let latest = (self.now + self.config.max_wait).min(deadline.max(self.now));
        match self.limiter.take(self.now, permits, latest) {
            Ok(at) if at <= self.now => Decision::Granted,
            Ok(at) => Decision::Reserved(Reservation { at, permits }),
            Err(at) => Decision::Rejected(
                Rejection::new(Layer::RATE_LIMIT, Reason::RATE_LIMITED)
                    .until(at.map(|at| at.since(self.now))),
            ),
        }
    }

    /// A reservation is not used.
    pub fn on_cancelled(&mut self, now: Time, reservation: Reservation) {
        self.now = self.now.max(now);
        self.limiter.give_back(self.now, reservation.at, reservation.permits);
    }
}
