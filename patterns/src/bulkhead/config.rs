use std::time::Duration;

use crate::config::{ConfigError, require};

/// How many calls may be under way and how many may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkheadConfig {
    /// Calls under way at once; 25 (resilience4j).
    pub limit: u32,
    /// How long a call may wait for a permit; not at all (resilience4j).
    pub max_wait: Duration,
    /// How many calls may wait at once; 10,000 (ours). `None` is any number.
    pub max_waiting: Option<u32>,
}

impl Default for BulkheadConfig {
    fn default() -> Self {
        Self { limit: 25, max_wait: Duration::ZERO, max_waiting: Some(10_000) }
    }
}

/// A pool of threads and its queue, by the rule of Java's `ThreadPoolExecutor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolConfig {
    /// Threads that are started before anybody waits, and kept; 10 (Hystrix).
    pub core: u32,
    /// Threads at most, started when the queue is full; 10 (Hystrix).
    pub max: u32,
    /// How many calls may wait; 100 (resilience4j).
    pub queue: u32,
    /// How long a thread beyond the core idles before it ends; 1 min (Hystrix).
    pub keepalive: Duration,
    /// How long a call may wait; as long as it takes.
    pub max_wait: Duration,
}

/// A bulkhead for each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyedBulkheadConfig {
    /// The bulkhead of each key.
    pub each: BulkheadConfig,
    /// Keys at once; 1,000 (ours).
    pub max_keys: u32,
}

impl Default for PoolConfig {
    fn default() -> Self {
        let (keepalive, max_wait) = (Duration::from_secs(60), Duration::MAX);
        Self { core: 10, max: 10, queue: 100, keepalive, max_wait }
    }
}

impl Default for KeyedBulkheadConfig {
    fn default() -> Self {
        Self { each: BulkheadConfig::default(), max_keys: 1_000 }
    }
}

impl PoolConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When there is never a thread, fewer at most than in the core, or no time to wait in a queue.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.max >= 1, "max", "must be at least 1")?;
        require(self.max >= self.core, "max", "must be at least the core")?;
        let some = self.core >= 1 || self.queue == 0;
        require(some, "core", "must be at least 1, or else what queues first waits for ever")?;
        let waits = self.queue == 0 || !self.max_wait.is_zero();
        require(waits, "max_wait", "must be longer than zero where there is a queue")
    }
}

impl KeyedBulkheadConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When there is room for no key, or the bulkhead of each has no permit.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.each.check()?;
        require(self.max_keys >= 1, "max_keys", "must be at least 1")
    }
}

impl BulkheadConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When `limit` is zero.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.limit >= 1, "limit", "must be at least 1")
    }
}
