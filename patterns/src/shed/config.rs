use std::time::Duration;

use crate::config::{ConfigError, is_share, require};

/// A queue that sheds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueConfig {
    /// Calls under way at once; 25, as in a [bulkhead](crate::bulkhead).
    pub limit: u32,
    /// How many calls may wait; 10,000 (ours). `None` is any number.
    pub max_waiting: Option<u32>,
    /// Who is next, and who is shed.
    pub discipline: DisciplineConfig,
}

/// Who is next in a queue, and who is shed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisciplineConfig {
    /// Who is next; first come, first served.
    pub order: Order,
    /// Sheds who waits too long while the queue stands; nobody.
    pub codel: Option<CodelConfig>,
}

/// Who is next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// First come, first served.
    #[default]
    Fifo,
    /// Last come, first served.
    Lifo,
    /// First come, first served, but last come, first served while more than `above` wait.
    Adaptive {
        /// So many may wait in order.
        above: u32,
    },
}

/// Controlled delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodelConfig {
    /// The wait that is acceptable; 5 ms (folly).
    pub target: Duration,
    /// How long the shortest wait must have been longer than that; 100 ms (folly).
    pub interval: Duration,
}

/// Priorities under overload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DagorConfig {
    /// The mean wait beyond which a server is overloaded; 20 ms (WeChat).
    pub target: Duration,
    /// How often the level moves; 1 s (WeChat).
    pub window: Duration,
    /// And after so many requests at the latest; 2,000 (WeChat).
    pub window_requests: u32,
    /// The share by which what is admitted shrinks under overload; 0.05 (WeChat).
    pub shrink: f64,
    /// The share of all requests by which it grows otherwise; 0.01 (WeChat).
    pub grow: f64,
    /// Priorities that are told apart, from 0 on; those beyond are the last. 16 (ours).
    pub priorities: u16,
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self { limit: 25, max_waiting: Some(10_000), discipline: DisciplineConfig::default() }
    }
}

impl Default for CodelConfig {
    fn default() -> Self {
        Self { target: Duration::from_millis(5), interval: Duration::from_millis(100) }
    }
}

impl Default for DagorConfig {
    fn default() -> Self {
        Self {
            target: Duration::from_millis(20),
            window: Duration::from_secs(1),
            window_requests: 2_000,
            shrink: 0.05,
            grow: 0.01,
            priorities: 16,
        }
    }
}

impl QueueConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When `limit` is zero, or the discipline makes no sense.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.limit >= 1, "limit", "must be at least 1")?;
        self.discipline.check()
    }
}

impl DisciplineConfig {
    /// Whether a queue can follow this.
    ///
    /// # Errors
    ///
    /// When the times of CoDel are zero or crossed.
    pub fn check(&self) -> Result<(), ConfigError> {
        let Some(CodelConfig { target, interval }) = self.codel else { return Ok(()) };
        require(!target.is_zero(), "codel.target", "must be longer than zero")?;
        require(interval > target, "codel.interval", "must be longer than the target")
    }
}

impl DagorConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When a time or a number is zero or a share is out of its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.target.is_zero(), "dagor.target", "must be longer than zero")?;
        require(!self.window.is_zero(), "dagor.window", "must be longer than zero")?;
        require(self.window_requests >= 1, "dagor.window_requests", "must be at least 1")?;
        let share = "must be more than 0 and at most 1";
        require(is_share(self.shrink), "dagor.shrink", share)?;
        require(is_share(self.grow), "dagor.grow", share)?;
        let priorities = (1..=256).contains(&self.priorities);
        require(priorities, "dagor.priorities", "must be at least 1 and at most 256")
    }
}
