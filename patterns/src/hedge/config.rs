use std::time::Duration;

use super::Latencies;
use crate::call::MOST_COPIES;
use crate::config::{ConfigError, is_share, require};
use crate::retry::BudgetConfig;

/// When, how often and at whose expense a call is sent once more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HedgeConfig {
    /// How long a call is waited for before a copy is sent; the 95th percentile.
    pub delay: HedgeDelay,
    /// Copies besides the first call; 1.
    pub max: u8,
    /// Bounds the copies of all calls together; 5 % of the calls. `None` is no bound.
    pub budget: Option<BudgetConfig>,
    /// Also sends copies of requests that are neither safe nor keyed; no.
    pub hedge_unsafe: bool,
    /// Drops the other copies as soon as the work on one begins; no.
    pub tied: bool,
}

/// How long a call is waited for before a copy is sent, and each copy before the next.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum HedgeDelay {
    /// Always as long.
    Fixed(Duration),
    /// As long as a share of the recent calls took, looked up every 3 s from the last half minute.
    /// Before it has been looked up, and while fewer than `min_calls` are known, no copy is sent.
    Quantile {
        /// The share; with 95 % one call of twenty is sent twice.
        share: f64,
        /// The shortest delay; 1 ms (Finagle). Where most calls take no time at all, there would
        /// otherwise be two of each.
        min: Duration,
        /// Calls that must be known; 20.
        min_calls: u64,
    },
}

impl HedgeDelay {
    /// The latency that a share of the calls did not exceed.
    pub fn quantile(share: f64) -> Self {
        Self::Quantile { share, min: Duration::from_millis(1), min_calls: 20 }
    }
}

impl Default for HedgeConfig {
    fn default() -> Self {
        let budget = BudgetConfig { ratio: 0.05, min_per_second: 0.0, ..BudgetConfig::default() };
        Self {
            delay: HedgeDelay::quantile(0.95),
            max: 1,
            budget: Some(budget),
            hedge_unsafe: false,
            tied: false,
        }
    }
}

impl HedgeConfig {
    /// Bytes that the latencies it remembers take up.
    pub const fn bytes(&self) -> f64 {
        Latencies::BYTES as f64
    }

    /// Two copies of every call, of which the one that begins cancels the other: the second after
    /// 1 ms, twice what a message takes within a data centre (Dean and Barroso), and no budget, as
    /// a copy that never begins costs next to nothing.
    pub fn tied() -> Self {
        let delay = HedgeDelay::Fixed(Duration::from_millis(1));
        Self { delay, budget: None, tied: true, ..Self::default() }
    }

    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When there are no copies or more than four, the share is none, or the budget is
    /// inconsistent.
    pub fn check(&self) -> Result<(), ConfigError> {
        let copies = 1..MOST_COPIES;
        require(copies.contains(&usize::from(self.max)), "max", "must be from 1 to 4")?;
        if let HedgeDelay::Quantile { share, .. } = self.delay {
            require(is_share(share), "delay", "must be above 0% and at most 100%")?;
        }
        self.budget.map_or(Ok(()), |budget| budget.check())
    }
}
