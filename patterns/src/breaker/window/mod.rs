//! What a circuit breaker remembers of past outcomes.

mod consecutive;
mod count;
mod ewma;
#[cfg(test)]
mod tests;
mod time;

use std::fmt::Debug;

use cascadia_runtime::Time;

pub(super) use self::consecutive::Consecutive;
pub(super) use self::count::Count;
pub(super) use self::ewma::Ewma;
pub(super) use self::time::Buckets;
use super::{BreakerConfig, Window};

/// A memory of outcomes that can tell when there are too many bad ones.
pub(super) trait Memory: Debug + Send {
    /// Adds an outcome.
    fn record(&mut self, now: Time, mark: Mark);

    /// What is remembered at `now`.
    fn tally(&mut self, now: Time) -> Tally;

    /// Whether that is too much.
    fn trips(&mut self, now: Time, limits: &Limits) -> bool {
        let tally = self.tally(now);
        tally.calls >= limits.min_calls.min(self.most()) && tally.exceeds(limits)
    }

    /// The most outcomes it can hold.
    fn most(&self) -> f64 {
        f64::INFINITY
    }

    /// Forgets everything.
    fn clear(&mut self);
}

/// What matters of one outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) failed: bool,
    pub(super) overload: bool,
    pub(super) slow: bool,
}

/// The sum of many outcomes; their weights may be fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) calls: f64,
    pub(super) failed: f64,
    pub(super) slow: f64,
}

impl Window {
    /// Bytes that it takes up after so many outcomes.
    pub fn bytes(&self, outcomes: f64) -> f64 {
        match *self {
            Self::Count(size) => outcomes.min(size.into()) * size_of::<Mark>() as f64,
            Self::Time { buckets, .. } => f64::from(buckets) * size_of::<Tally>() as f64,
            Self::Ewma { .. } => 0.0,
        }
    }
}

/// The rates from which on a circuit opens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    min_calls: f64,
    failure_rate: f64,
    slow_rate: f64,
}

impl Tally {
    pub(super) fn add(&mut self, mark: Mark) {
        self.calls += 1.0;
        self.failed += f64::from(u8::from(mark.failed));
        self.slow += f64::from(u8::from(mark.slow));
    }

    pub(super) fn exceeds(&self, limits: &Limits) -> bool {
        self.rate(self.failed) >= limits.failure_rate || self.rate(self.slow) >= limits.slow_rate
    }

    pub(super) fn failure_rate(&self) -> f64 {
        self.rate(self.failed)
    }

    pub(super) fn slow_rate(&self) -> f64 {
        self.rate(self.slow)
    }

    fn rate(&self, part: f64) -> f64 {
        if self.calls > 0.0 { part / self.calls } else { 0.0 }
    }
}

impl Limits {
    pub(super) fn new(config: &BreakerConfig) -> Self {
        Self {
            min_calls: f64::from(config.min_calls),
            failure_rate: config.failure_rate,
            slow_rate: config.slow.map_or(f64::INFINITY, |slow| slow.rate),
        }
    }
}

pub(super) fn build(window: Window) -> Box<dyn Memory> {
    match window {
        Window::Count(calls) => Box::new(Count::new(calls)),
        Window::Time { span, buckets } => Box::new(Buckets::new(span, buckets)),
        Window::Ewma { half_life } => Box::new(Ewma::new(half_life)),
    }
}
