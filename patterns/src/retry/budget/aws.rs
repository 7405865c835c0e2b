use cascadia_runtime::Time;

use super::{End, RetryBudget, Trouble, Withdrawal};
use crate::config::{ConfigError, require};

/// A bucket from which a retry takes what its failure costs; the defaults are those of the AWS
/// SDKs' standard mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwsConfig {
    /// What the bucket holds, and at first has; 500.
    pub capacity: u32,
    /// What a retry costs; 5.
    pub retry: u32,
    /// What a retry after a timeout costs; 10.
    pub timeout: u32,
    /// What a retry after a refusal for overload costs; 5.
    pub throttling: u32,
}

impl Default for AwsConfig {
    fn default() -> Self {
        Self { capacity: 500, retry: 5, timeout: 10, throttling: 5 }
    }
}

impl AwsConfig {
    /// The costs of version 2.1 of the mode: 14, but 5 after a refusal.
    pub fn v2_1() -> Self {
        Self { retry: 14, timeout: 14, ..Self::default() }
    }

    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When a retry costs nothing, or more than the bucket holds.
    pub fn check(&self) -> Result<(), ConfigError> {
        let sane = |cost| (1..=self.capacity).contains(&cost);
        let range = "must be from 1 to the capacity";
        require(self.capacity > 0, "budget.aws.capacity", "must be at least 1")?;
        require(sane(self.retry), "budget.aws.retry", range)?;
        require(sane(self.timeout), "budget.aws.timeout", range)?;
        require(sane(self.throttling), "budget.aws.throttling", range)
    }

    fn cost(&self, trouble: Trouble) -> u32 {
        match trouble {
            Trouble::Failed => self.retry,
            Trouble::TimedOut => self.timeout,
            Trouble::Overloaded => self.throttling,
        }
    }
}

/// A bucket that a retry takes its cost out of; a retry that succeeds brings it back, a first try
/// that succeeds brings 1.
///
/// Short trouble is therefore free, and long trouble is paid for with the successes that come
/// after it, not with time: there is no clock in it.
#[derive(Clone, Debug)]
pub struct AwsBudget {
    config: AwsConfig,
    left: u32,
}

impl AwsBudget {
    /// A full bucket.
    pub fn new(config: AwsConfig) -> Self {
        Self { config, left: config.capacity }
    }

    fn fill(&mut self, amount: u32) {
        self.left = self.left.saturating_add(amount).min(self.config.capacity);
    }
}

impl RetryBudget for AwsBudget {
    fn on_try(&mut self, _: Time, _: bool) {}

    fn on_end(&mut self, end: End, paid: Option<Withdrawal>) {
        if end == End::Success {
            self.fill(paid.map_or(1, |withdrawal| withdrawal.cost));
        }
    }

    fn withdraw(&mut self, now: Time, trouble: Trouble) -> Option<Withdrawal> {
        let cost = self.config.cost(trouble);
        self.left = self.left.checked_sub(cost)?;
        Some(Withdrawal { at: now, cost })
    }

    fn give_back(&mut self, withdrawal: Withdrawal) {
        self.fill(withdrawal.cost);
    }

    fn available(&mut self, _: Time) -> f64 {
        f64::from(self.left / self.config.retry)
    }
}
