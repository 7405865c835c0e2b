use std::time::Duration;

use super::{Manual, OpenWait};
use crate::config::{ConfigError, is_share, require};

/// When a circuit opens, for how long, and how it closes.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakerConfig {
    /// Over which outcomes the rates are taken; the last 10 s (Hystrix). Of several windows any
    /// one opens the circuit, without one only `consecutive` does.
    pub windows: Vec<Window>,
    /// Also opens after so many failures without a success between them; off.
    pub consecutive: Option<u32>,
    /// Outcomes the window must hold before its rates mean anything, or as many as it can hold;
    /// 20 (Hystrix).
    pub min_calls: u32,
    /// The share of failures from which on the circuit opens; 0.5 (resilience4j, Hystrix).
    pub failure_rate: f64,
    /// Also opens on the share of slow calls; off.
    pub slow: Option<Slow>,
    /// How long the circuit stays open.
    pub open: OpenWait,
    /// How the circuit is probed.
    pub half_open: HalfOpen,
    /// Also counts what was refused on this side, and calls whose deadline had passed; no, for they
    /// tell of the caller and not of the server.
    pub count_local: bool,
    /// Whether it begins in somebody's hand; it works by itself.
    pub mode: Manual,
}

/// The outcomes that rates are taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The last so many outcomes.
    Count(u32),
    /// The outcomes of the last `span`, which slides by whole buckets. Empty again after a
    /// `span` without calls.
    Time {
        /// Its length.
        span: Duration,
        /// The number of buckets it is made of.
        buckets: u16,
    },
    /// All outcomes, each weighing half as much after every `half_life`. What is held against
    /// `min_calls` is the sum of the weights.
    Ewma {
        /// The time in which an outcome loses half its weight.
        half_life: Duration,
    },
}

/// When calls are too slow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slow {
    /// A call that takes longer than this is slow.
    pub threshold: Duration,
    /// The share of slow calls from which on the circuit opens.
    pub rate: f64,
}

/// How an open circuit is probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfOpen {
    /// The number of probes; 1 (Hystrix, Polly, gobreaker).
    pub permits: u32,
    /// Closes the circuit as soon as so many of them succeeded; all.
    pub successes: Option<u32>,
    /// How long a probe may take; as long as the circuit was open.
    pub max_wait: Option<Duration>,
    /// What becomes of the circuit when one takes longer; it opens.
    pub stuck: Stuck,
    /// When probes open the circuit again; at the first failure.
    pub reopen: Reopen,
}

/// Where a circuit goes whose probes do not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// It opens.
    Open,
    /// It closes.
    Close,
    /// It stays half-open, for ever if need be (the default of resilience4j). A probe that hangs
    /// then takes the circuit along.
    Wait,
}

/// When probes open the circuit again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reopen {
    /// At the first failure.
    FirstFailure,
    /// When all have ended and their failures or slow calls reach the rate of the circuit.
    Rate,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            windows: vec![Window::Time { span: Duration::from_secs(10), buckets: 10 }],
            consecutive: None,
            min_calls: 20,
            failure_rate: 0.5,
            slow: None,
            open: OpenWait::default(),
            half_open: HalfOpen::default(),
            count_local: false,
            mode: Manual::Automatic,
        }
    }
}

impl Default for HalfOpen {
    fn default() -> Self {
        Self {
            permits: 1,
            successes: None,
            max_wait: None,
            stuck: Stuck::Open,
            reopen: Reopen::FirstFailure,
        }
    }
}

impl BreakerConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When nothing can open the circuit, a rate is no share of a whole, a number of calls or a
    /// time is zero, or the open wait is inconsistent.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(
            !self.windows.is_empty() || self.consecutive.is_some(),
            "window",
            "must be given where `consecutive` is not",
        )?;
        self.windows.iter().try_for_each(Window::check)?;
        require(self.consecutive != Some(0), "consecutive", "must be at least 1")?;
        require(self.min_calls >= 1, "min_calls", "must be at least 1")?;
        let share = "must be more than 0 and at most 1";
        require(is_share(self.failure_rate), "failure_rate", share)?;
        require(self.slow.is_none_or(|slow| is_share(slow.rate)), "slow.rate", share)?;
        self.open.check()?;
        require(self.half_open.permits >= 1, "half_open.permits", "must be at least 1")?;
        let possible = 1..=self.half_open.permits;
        require(
            self.half_open.successes.is_none_or(|least| possible.contains(&least)),
            "half_open.successes",
            "must be at least 1 and at most the number of probes",
        )?;
        let max_wait = self.half_open.max_wait;
        require(
            max_wait.is_none_or(|wait| !wait.is_zero()),
            "half_open.max_wait",
            "must be longer than zero",
        )?;
        require(
            max_wait.is_none() || self.half_open.stuck != Stuck::Wait,
            "half_open.max_wait",
            "has no meaning where stuck probes are waited for",
        )
    }
}

impl Window {
    fn check(&self) -> Result<(), ConfigError> {
        match *self {
            Self::Count(calls) => require(calls >= 1, "window.count", "must be at least 1"),
            Self::Time { span, buckets } => {
                require(buckets >= 1, "window.buckets", "must be at least 1")?;
                let fits = span.as_nanos() >= u128::from(buckets);
                require(fits, "window.time", "must be at least a nanosecond for each bucket")
            }
            Self::Ewma { half_life } => {
                require(!half_life.is_zero(), "window.half_life", "must be longer than zero")
            }
        }
    }
}
