use cascadia_runtime::{Stream, Time};

use super::aimd::Aimd;
use super::estimator::{Answer, Estimator, Sample};
use super::gradient::Gradient;
use super::gradient2::Gradient2;
use super::vegas::Vegas;
use super::windowed::Windowed;
use super::{Algorithm, LimitConfig};
use crate::call::{Layer, Reason, Rejection};

/// Calls under way, and the limit that follows from how they end.
#[derive(Debug)]
pub struct Limiter {
    estimator: Box<dyn Estimator>,
    in_flight: u32,
    reported: u32,
}

/// Held while a call is under way.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    began: Time,
    in_flight: u32,
}

impl Limiter {
    /// A limit that has seen no call yet.
    pub fn new(config: LimitConfig) -> Self {
        let mut estimator: Box<dyn Estimator> = match config.algorithm {
            Algorithm::Aimd(config) => Box::new(Aimd::new(config)),
            Algorithm::Vegas(config) => Box::new(Vegas::new(config)),
            Algorithm::Gradient2(config) => Box::new(Gradient2::new(config)),
            Algorithm::Gradient(config) => Box::new(Gradient::new(config)),
        };
        if let Some(window) = config.window {
            estimator = Box::new(Windowed::new(window, estimator));
        }
        Self { estimator, in_flight: 0, reported: 0 }
    }

    /// A call comes.
    ///
    /// # Errors
    ///
    /// When as many as the limit are under way.
    pub fn on_call(&mut self, now: Time, stream: &mut Stream) -> Result<Permit, Rejection> {
        self.estimator.on_time(now, stream);
        if self.in_flight >= self.estimator.limit() {
            return Err(Rejection::new(Layer::LIMIT, Reason::FULL));
        }
        self.in_flight += 1;
        Ok(Permit { began: now, in_flight: self.in_flight })
    }

    /// A call ended.
    pub fn on_answer(&mut self, now: Time, permit: Permit, answer: Answer, stream: &mut Stream) {
        self.in_flight -= 1;
        self.estimator.on_time(now, stream);
        let Permit { began, in_flight } = permit;
        let sample = Sample { began, rtt: now.since(began), in_flight, answer };
        self.estimator.on_sample(now, &sample, stream);
    }

    /// A call ended in a way that says nothing, or its caller left.
    pub fn on_abandoned(&mut self, _permit: Permit) {
        self.in_flight -= 1;
    }

    /// Calls under way.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Calls that may be under way.
    pub fn limit(&self) -> u32 {
        self.estimator.limit()
    }

    /// The limit, if it is another one than when it was last asked for.
    pub fn poll_limit(&mut self) -> Option<u32> {
        let limit = self.limit();
        (std::mem::replace(&mut self.reported, limit) != limit).then_some(limit)
    }
}
