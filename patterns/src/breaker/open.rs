use std::time::Duration;

use cascadia_runtime::Stream;

use crate::config::{ConfigError, is_growth, require};
use crate::delay::{grown, uniform};

/// How long a circuit stays open: min(max, base · factorⁿ) after n openings since it was last
/// closed, jittered.
///
/// Callers whose circuits opened together must not probe together, hence the jitter. Full jitter
/// as it is used for retries, from zero, would now and then close a circuit over a server that has
/// had no time at all to recover, so it begins at `min` instead; with `min` at half of `base` the
/// first wait is that of equal jitter, which failsafe-rs uses for all. The cap comes before the
/// jitter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenWait {
    /// The first wait; 5 s (Hystrix, Polly).
    pub base: Duration,
    /// What each further opening multiplies it by; 2.
    pub factor: f64,
    /// The longest wait; 60 s.
    pub max: Duration,
    /// How the wait is spread; fully.
    pub jitter: Jitter,
    /// The shortest wait under full jitter; half of `base`.
    pub min: Option<Duration>,
}

/// How the waits of many are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Between half of the wait and all of it.
    Equal,
    /// Between the minimum and the wait.
    Full,
}

impl Default for OpenWait {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(5),
            factor: 2.0,
            max: Duration::from_secs(60),
            jitter: Jitter::Full,
            min: None,
        }
    }
}

impl OpenWait {
    /// Waits of exactly `duration`, always.
    pub fn fixed(duration: Duration) -> Self {
        let (base, max) = (duration, duration);
        Self { base, factor: 1.0, max, jitter: Jitter::None, min: None }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        require(!self.base.is_zero(), "open.base", "must be longer than zero")?;
        require(is_growth(self.factor), "open.factor", "must be at least 1")?;
        require(self.max >= self.base, "open.max", "must be at least the base")?;
        let min = self.min.unwrap_or_default();
        require(min <= self.base, "open.min", "must be at most the base")
    }

    pub(super) fn draw(&self, openings: u32, stream: &mut Stream) -> Duration {
        let cap = grown(self.base, self.factor, openings, self.max);
        match self.jitter {
            Jitter::None => cap,
            Jitter::Equal => uniform(stream, cap / 2, cap),
            Jitter::Full => uniform(stream, self.min.unwrap_or(self.base / 2), cap),
        }
    }
}
