use std::time::Duration;

use cascadia_runtime::Time;

use super::{End, RetryBudget, Trouble, UNIT, Withdrawal, fixed};
use crate::config::{ConfigError, require};

const SLOTS: u64 = 10;

/// A budget that is a share of the requests; the defaults are Finagle's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BudgetConfig {
    /// Retries for each request; 0.2.
    pub ratio: f64,
    /// Retries for each second, besides, for callers with few requests; 10.
    pub min_per_second: f64,
    /// How long a request counts; 10 s.
    pub ttl: Duration,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        Self { ratio: 0.2, min_per_second: 10.0, ttl: Duration::from_secs(10) }
    }
}

impl BudgetConfig {
    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When a number is negative, not finite or beyond a million, or `ttl` is shorter than ten
    /// nanoseconds or longer than a day.
    pub fn check(&self) -> Result<(), ConfigError> {
        let sane = 0.0..=1e6;
        let range = "must be from 0 to a million";
        require(sane.contains(&self.ratio), "budget.ratio", range)?;
        require(sane.contains(&self.min_per_second), "budget.min_per_second", range)?;
        let ttl = Duration::from_nanos(10)..=Duration::from_secs(86_400);
        require(ttl.contains(&self.ttl), "budget.ttl", "must be from 10 ns to a day")
    }
}

/// The share of the requests of the last `ttl`, in ten slots, and a reserve.
///
/// A request puts `ratio` in, a retry takes 1 out, and both are forgotten when their slot is `ttl`
/// old; the reserve is `min_per_second` · `ttl` and is always there. As in Finagle's
/// `RetryBudget`, which tower and linkerd follow.
#[derive(Clone, Debug)]
pub struct RatioBudget {
    deposit: i64,
    reserve: i64,
    width: u64,
    slots: [i64; SLOTS as usize],
    newest: u64,
}

impl RatioBudget {
    /// A budget with nothing but its reserve.
    pub fn new(config: BudgetConfig) -> Self {
        let reserve = config.min_per_second * config.ttl.as_secs_f64();
        Self {
            deposit: fixed(config.ratio),
            reserve: fixed(reserve),
            width: (config.ttl.as_nanos() / u128::from(SLOTS)) as u64,
            slots: [0; SLOTS as usize],
            newest: 0,
        }
    }

    /// A call is made.
    pub fn on_request(&mut self, now: Time) {
        let deposit = self.deposit;
        *self.slide(now) += deposit;
    }

    /// Takes one retry out, if there is one.
    pub fn try_withdraw(&mut self, now: Time) -> bool {
        self.slide(now);
        let enough = self.millionths() >= UNIT;
        if enough {
            *self.slide(now) -= UNIT;
        }
        enough
    }

    /// Puts back a retry that was taken out at `withdrawn`. It goes to the slot of the withdrawal,
    /// so that both are forgotten together.
    pub fn refund(&mut self, withdrawn: Time) {
        let slot = withdrawn.as_nanos() / self.width;
        if slot <= self.newest && self.newest - slot < SLOTS {
            self.slots[(slot % SLOTS) as usize] += UNIT;
        }
    }

    /// What could be withdrawn at `now`, in whole retries.
    pub fn balance(&mut self, now: Time) -> u64 {
        self.slide(now);
        u64::try_from(self.millionths() / UNIT).unwrap_or(0)
    }

    fn millionths(&self) -> i64 {
        self.reserve + self.slots.iter().sum::<i64>()
    }

    /// Empties the slots that time has come round to; the slot of `now`.
    fn slide(&mut self, now: Time) -> &mut i64 {
        let newest = (now.as_nanos() / self.width).max(self.newest);
        let first = (self.newest + 1).max((newest + 1).saturating_sub(SLOTS));
        for slot in first..=newest {
            self.slots[(slot % SLOTS) as usize] = 0;
        }
        self.newest = newest;
        &mut self.slots[(newest % SLOTS) as usize]
    }
}

impl RetryBudget for RatioBudget {
    fn on_try(&mut self, now: Time, first: bool) {
        if first {
            self.on_request(now);
        }
    }

    fn on_end(&mut self, _: End, _: Option<Withdrawal>) {}

    fn withdraw(&mut self, now: Time, _: Trouble) -> Option<Withdrawal> {
        self.try_withdraw(now).then_some(Withdrawal { at: now, cost: 1 })
    }

    fn give_back(&mut self, withdrawal: Withdrawal) {
        self.refund(withdrawal.at);
    }

    fn available(&mut self, now: Time) -> f64 {
        self.balance(now) as f64
    }
}
