use std::time::Duration;

use cascadia_runtime::Stream;

use crate::config::{ConfigError, is_growth, require};
use crate::delay::{grown, scaled, uniform};

/// How long to wait before each retry.
///
/// `U(a, b)` is drawn uniformly from [a, b); `capped(n)` is min(max, base · factorⁿ) before the
/// n-th retry, counted from 0. The cap comes before the jitter: after it, the delays of many
/// callers would all be `max` just when their failure lasts longest.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Backoff {
    /// None at all.
    None,
    /// Always the same.
    Fixed {
        /// The delay.
        delay: Duration,
    },
    /// min(max, base · (n + 1)).
    Linear {
        /// The first delay, and what each further one adds.
        base: Duration,
        /// The longest delay.
        max: Duration,
    },
    /// `capped(n)`.
    Exponential {
        /// The first delay.
        base: Duration,
        /// What each further retry multiplies it by.
        factor: f64,
        /// The longest delay.
        max: Duration,
    },
    /// `U(0, capped(n))` (AWS, Envoy).
    FullJitter {
        /// The first bound.
        base: Duration,
        /// What each further retry multiplies it by.
        factor: f64,
        /// The last bound.
        max: Duration,
    },
    /// `U(capped(n) / 2, capped(n))`.
    EqualJitter {
        /// The first bound.
        base: Duration,
        /// What each further retry multiplies it by.
        factor: f64,
        /// The last bound.
        max: Duration,
    },
    /// min(max, `U(base, 3 · previous)`), `previous` being `base` at first, as AWS published it.
    /// At its cap two thirds of the delays are `max` itself.
    Decorrelated {
        /// The shortest delay.
        base: Duration,
        /// The longest delay.
        max: Duration,
    },
    /// `capped(n) · U(1 - spread, 1 + spread)`; gRPC uses 0.2.
    Proportional {
        /// The first delay, but for its spread.
        base: Duration,
        /// What each further retry multiplies it by.
        factor: f64,
        /// The longest delay, but for its spread.
        max: Duration,
        /// How far a delay may be from its middle, as a share of it.
        spread: f64,
    },
}

/// Full jitter from 25 ms to ten times that (Envoy).
impl Default for Backoff {
    fn default() -> Self {
        let base = Duration::from_millis(25);
        Self::FullJitter { base, factor: 2.0, max: base * 10 }
    }
}

impl Backoff {
    /// The delays of one call.
    pub fn delays(&self) -> Delays<'_> {
        Delays { backoff: self, retry: 0, previous: Duration::ZERO }
    }

    /// The longest delay, but for the spread of [`Proportional`](Self::Proportional).
    pub fn longest(&self) -> Duration {
        match *self {
            Self::None => Duration::ZERO,
            Self::Fixed { delay } => delay,
            Self::Linear { max, .. }
            | Self::Exponential { max, .. }
            | Self::FullJitter { max, .. }
            | Self::EqualJitter { max, .. }
            | Self::Decorrelated { max, .. }
            | Self::Proportional { max, .. } => max,
        }
    }

    /// The delay before a retry, counted from 0, where the one before it was `previous`.
    pub fn delay(&self, retry: u32, previous: Duration, stream: &mut Stream) -> Duration {
        match *self {
            Self::None => Duration::ZERO,
            Self::Fixed { delay } => delay,
            Self::Linear { base, max } => base.saturating_mul(retry.saturating_add(1)).min(max),
            Self::Exponential { base, factor, max } => grown(base, factor, retry, max),
            Self::FullJitter { base, factor, max } => {
                uniform(stream, Duration::ZERO, grown(base, factor, retry, max))
            }
            Self::EqualJitter { base, factor, max } => {
                let cap = grown(base, factor, retry, max);
                uniform(stream, cap / 2, cap)
            }
            Self::Decorrelated { base, max } => {
                uniform(stream, base, previous.max(base).saturating_mul(3)).min(max)
            }
            Self::Proportional { base, factor, max, spread } => {
                let cap = grown(base, factor, retry, max);
                scaled(cap, 1.0 - spread + 2.0 * spread * stream.unit())
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let (base, factor, max) = match *self {
            Self::None => return Ok(()),
            Self::Fixed { delay } => (delay, 1.0, delay),
            Self::Linear { base, max } | Self::Decorrelated { base, max } => (base, 1.0, max),
            Self::Exponential { base, factor, max }
            | Self::FullJitter { base, factor, max }
            | Self::EqualJitter { base, factor, max }
            | Self::Proportional { base, factor, max, .. } => (base, factor, max),
        };
        require(!base.is_zero(), "backoff.base", "must be longer than zero")?;
        require(is_growth(factor), "backoff.factor", "must be at least 1")?;
        require(max >= base, "backoff.max", "must be at least the base")?;
        match *self {
            Self::Proportional { spread, .. } => {
                require((0.0..=1.0).contains(&spread), "backoff.spread", "must be from 0 to 1")
            }
            _ => Ok(()),
        }
    }
}

/// The delays of one call, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Delays<'a> {
    backoff: &'a Backoff,
    retry: u32,
    previous: Duration,
}

impl Delays<'_> {
    /// The delay before the next retry.
    pub fn next(&mut self, stream: &mut Stream) -> Duration {
        let delay = self.backoff.delay(self.retry, self.previous, stream);
        self.retry = self.retry.saturating_add(1);
        self.previous = delay;
        delay
    }
}
