use cascadia_runtime::Time;

use super::{End, RetryBudget, Trouble, UNIT, Withdrawal, fixed, units};
use crate::config::{ConfigError, require};

/// A small bucket of retries; the defaults are Brooker's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BucketConfig {
    /// The retries that it holds, and at first has; 5.
    pub capacity: f64,
    /// What is put in each time; 0.1.
    pub deposit: f64,
    /// When something is put in; at each first try.
    pub on: Deposit,
}

/// What fills a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deposit {
    /// A first try, when it begins. Under an outage retries stay a share of the requests.
    Request,
    /// A try that succeeds. Under an outage nothing comes in, and there are no retries.
    Success,
}

impl Default for BucketConfig {
    fn default() -> Self {
        Self { capacity: 5.0, deposit: 0.1, on: Deposit::Request }
    }
}

impl BucketConfig {
    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When `capacity` is not above 1 and at most a million, or `deposit` not above 0 and at most
    /// the capacity.
    pub fn check(&self) -> Result<(), ConfigError> {
        let holds = self.capacity > 1.0 && self.capacity <= 1e6;
        require(holds, "budget.bucket.capacity", "must be above 1 and at most a million")?;
        let fills = self.deposit > 0.0 && self.deposit <= self.capacity;
        require(fills, "budget.bucket.deposit", "must be above 0 and at most the capacity")
    }
}

/// A bucket of retries: one costs 1 and is made while there is more than 1.
///
/// As in Brooker, *Fixing retries with token buckets and circuit breakers* (2022), who keeps one
/// for each client.
#[derive(Clone, Debug)]
pub struct BucketBudget {
    capacity: i64,
    deposit: i64,
    on: Deposit,
    left: i64,
}

impl BucketBudget {
    /// A full bucket.
    pub fn new(config: BucketConfig) -> Self {
        let capacity = fixed(config.capacity);
        Self { capacity, deposit: fixed(config.deposit), on: config.on, left: capacity }
    }

    fn fill(&mut self, amount: i64) {
        self.left = (self.left + amount).min(self.capacity);
    }
}

impl RetryBudget for BucketBudget {
    fn on_try(&mut self, _: Time, first: bool) {
        if first && self.on == Deposit::Request {
            self.fill(self.deposit);
        }
    }

    fn on_end(&mut self, end: End, _: Option<Withdrawal>) {
        if end == End::Success && self.on == Deposit::Success {
            self.fill(self.deposit);
        }
    }

    fn withdraw(&mut self, now: Time, _: Trouble) -> Option<Withdrawal> {
        if self.left <= UNIT {
            return None;
        }
        self.left -= UNIT;
        Some(Withdrawal { at: now, cost: 1 })
    }

    fn give_back(&mut self, _: Withdrawal) {
        self.fill(UNIT);
    }

    fn available(&mut self, _: Time) -> f64 {
        units(self.left)
    }
}
