use std::time::Duration;

use crate::config::{ConfigError, is_share, require};

/// How the limit of calls under way is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitConfig {
    /// The rule; Gradient2 with its defaults, which Netflix recommends for servers.
    pub algorithm: Algorithm,
    /// Shows the rule a summary of many calls instead of each; off (Netflix).
    pub window: Option<Window>,
    /// Also counts what was refused on this side, and calls whose deadline had passed; no, for they
    /// tell of the caller and not of the server.
    pub count_local: bool,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Gradient2(Gradient2Config::default()),
            window: None,
            count_local: false,
        }
    }
}

/// The rule by which a limit moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Algorithm {
    /// One more with each answer, a tenth less when a call is lost.
    Aimd(AimdConfig),
    /// Holds a short queue, judged by the shortest latency seen.
    Vegas(VegasConfig),
    /// Follows the ratio of the latency of the past to that of now.
    Gradient2(Gradient2Config),
    /// Follows the ratio of a latency measured without load to that of now.
    Gradient(GradientConfig),
}

/// Additive increase, multiplicative decrease.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AimdConfig {
    /// Where the limit begins; 20 (Netflix).
    pub initial: u32,
    /// The least it can be; 20 (Netflix).
    pub min: u32,
    /// The most it can be; 200 (Netflix).
    pub max: u32,
    /// What a lost call multiplies it by, from 0.5 to below 1; 0.9 (Netflix).
    pub backoff: f64,
    /// A call that takes longer counts as lost; 5 s (Netflix).
    pub timeout: Duration,
}

/// TCP Vegas for calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VegasConfig {
    /// Where the limit begins; 20 (Netflix).
    pub initial: u32,
    /// The most it can be; 1000 (Netflix). The least is 1.
    pub max: u32,
    /// The share of a step that is taken; 1 (Netflix).
    pub smoothing: f64,
    /// The latency without load is measured anew after so many times the limit of calls, or
    /// after half as many at the least; 30 (Netflix).
    pub probe: u32,
}

/// Netflix' Gradient2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gradient2Config {
    /// Where the limit begins; 20 (Netflix).
    pub initial: u32,
    /// The least it can be; 20 (Netflix).
    pub min: u32,
    /// The most it can be; 200 (Netflix).
    pub max: u32,
    /// The share of a step that is taken; 0.2 (Netflix).
    pub smoothing: f64,
    /// Calls that may queue, so that the limit can grow; 4 (Netflix).
    pub queue: u32,
    /// How many times the latency of the past is not slower yet; 1.5 (Netflix).
    pub tolerance: f64,
    /// The calls over which the latency of the past is averaged; 600 (Netflix).
    pub long_window: u32,
}

/// Envoy's gradient controller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientConfig {
    /// The least the limit can be, and what it is while the latency without load is measured; 3
    /// (Envoy).
    pub min: u32,
    /// The most it can be; 1000 (Envoy).
    pub max: u32,
    /// How often it moves; 100 ms (the example of Envoy's documentation).
    pub update: Duration,
    /// How often the latency without load is measured; 60 s (the same example).
    pub min_rtt_interval: Duration,
    /// The share by which that interval is stretched at random; 0.15 (Envoy).
    pub jitter: f64,
    /// Answers that make a measurement; 50 (Envoy).
    pub min_rtt_samples: u32,
    /// The share by which the latency may be longer than without load; 0.25 (Envoy).
    pub buffer: f64,
    /// Which latency of many is taken; 0.5 (Envoy).
    pub quantile: f64,
}

/// The windowed wrapper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Calls it must hold to mean anything; 10 (Netflix).
    pub samples: u32,
    /// Its length: twice the shortest latency in it, but at least this; 1 s (Netflix).
    pub min: Duration,
    /// And at most this; 1 s (Netflix).
    pub max: Duration,
    /// Calls that took less are left out; 100 µs (Netflix).
    pub min_rtt: Duration,
}

impl Default for AimdConfig {
    fn default() -> Self {
        Self { initial: 20, min: 20, max: 200, backoff: 0.9, timeout: Duration::from_secs(5) }
    }
}

impl Default for VegasConfig {
    fn default() -> Self {
        Self { initial: 20, max: 1_000, smoothing: 1.0, probe: 30 }
    }
}

impl Default for Gradient2Config {
    fn default() -> Self {
        Self {
            initial: 20,
            min: 20,
            max: 200,
            smoothing: 0.2,
            queue: 4,
            tolerance: 1.5,
            long_window: 600,
        }
    }
}

impl Default for GradientConfig {
    fn default() -> Self {
        Self {
            min: 3,
            max: 1_000,
            update: Duration::from_millis(100),
            min_rtt_interval: Duration::from_secs(60),
            jitter: 0.15,
            min_rtt_samples: 50,
            buffer: 0.25,
            quantile: 0.5,
        }
    }
}

impl Default for Window {
    fn default() -> Self {
        let second = Duration::from_secs(1);
        Self { samples: 10, min: second, max: second, min_rtt: Duration::from_micros(100) }
    }
}

impl LimitConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When bounds are zero or crossed, a share is out of its range, a time is zero, or a
    /// gradient, which has windows of its own, is given another.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.algorithm.check()?;
        let Some(window) = self.window else { return Ok(()) };
        let gradient = matches!(self.algorithm, Algorithm::Gradient(_));
        require(!gradient, "window", "must be left out, as a gradient has windows of its own")?;
        require(window.samples >= 1, "window.samples", AT_LEAST_ONE)?;
        require(window.max >= window.min, "window.max", "must be at least the minimum")
    }
}

const AT_LEAST_ONE: &str = "must be at least 1";
const SHARE: &str = "must be more than 0 and at most 1";
const AT_LEAST_MIN: &str = "must be at least the minimum";
const BETWEEN: &str = "must be between the minimum and the maximum";
const LONGER_THAN_ZERO: &str = "must be longer than zero";

impl Algorithm {
    fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Aimd(aimd) => aimd.check(),
            Self::Vegas(vegas) => vegas.check(),
            Self::Gradient2(gradient) => gradient.check(),
            Self::Gradient(gradient) => gradient.check(),
        }
    }
}

impl AimdConfig {
    fn check(&self) -> Result<(), ConfigError> {
        require(self.min >= 1, "algorithm.aimd.min", AT_LEAST_ONE)?;
        require(self.max >= self.min, "algorithm.aimd.max", AT_LEAST_MIN)?;
        let between = (self.min..=self.max).contains(&self.initial);
        require(between, "algorithm.aimd.initial", BETWEEN)?;
        let backoff = (0.5..1.0).contains(&self.backoff);
        require(backoff, "algorithm.aimd.backoff", "must be at least 0.5 and less than 1")?;
        require(!self.timeout.is_zero(), "algorithm.aimd.timeout", LONGER_THAN_ZERO)
    }
}

impl VegasConfig {
    fn check(&self) -> Result<(), ConfigError> {
        require(self.max >= 1, "algorithm.vegas.max", AT_LEAST_ONE)?;
        let between = (1..=self.max).contains(&self.initial);
        require(between, "algorithm.vegas.initial", "must be between 1 and the maximum")?;
        require(is_share(self.smoothing), "algorithm.vegas.smoothing", SHARE)?;
        require(self.probe >= 1, "algorithm.vegas.probe", AT_LEAST_ONE)
    }
}

impl Gradient2Config {
    fn check(&self) -> Result<(), ConfigError> {
        require(self.min >= 1, "algorithm.gradient2.min", AT_LEAST_ONE)?;
        require(self.max >= self.min, "algorithm.gradient2.max", AT_LEAST_MIN)?;
        let between = (self.min..=self.max).contains(&self.initial);
        require(between, "algorithm.gradient2.initial", BETWEEN)?;
        require(is_share(self.smoothing), "algorithm.gradient2.smoothing", SHARE)?;
        let tolerance = self.tolerance >= 1.0 && self.tolerance.is_finite();
        require(tolerance, "algorithm.gradient2.tolerance", AT_LEAST_ONE)?;
        require(self.long_window >= 1, "algorithm.gradient2.long_window", AT_LEAST_ONE)
    }
}

impl GradientConfig {
    fn check(&self) -> Result<(), ConfigError> {
        require(self.min >= 1, "algorithm.gradient.min", AT_LEAST_ONE)?;
        require(self.max >= self.min, "algorithm.gradient.max", AT_LEAST_MIN)?;
        require(!self.update.is_zero(), "algorithm.gradient.update", LONGER_THAN_ZERO)?;
        let interval = self.min_rtt_interval;
        require(!interval.is_zero(), "algorithm.gradient.min_rtt_interval", LONGER_THAN_ZERO)?;
        let jitter = (0.0..=1.0).contains(&self.jitter);
        require(jitter, "algorithm.gradient.jitter", "must be at least 0 and at most 1")?;
        let samples = self.min_rtt_samples >= 1;
        require(samples, "algorithm.gradient.min_rtt_samples", AT_LEAST_ONE)?;
        let buffer = self.buffer >= 0.0 && self.buffer.is_finite();
        require(buffer, "algorithm.gradient.buffer", "must be at least 0")?;
        require(is_share(self.quantile), "algorithm.gradient.quantile", SHARE)
    }
}
