//! Bounds the retries of all calls together.

mod aws;
mod bucket;
mod concurrent;
mod cumulative;
mod ratio;
mod tokens;

use std::fmt::Debug;

use cascadia_runtime::Time;

pub use self::aws::{AwsBudget, AwsConfig};
pub use self::bucket::{BucketBudget, BucketConfig, Deposit};
pub use self::concurrent::{ConcurrentBudget, ConcurrentConfig};
pub use self::cumulative::{CumulativeBudget, CumulativeConfig};
pub use self::ratio::{BudgetConfig, RatioBudget};
pub use self::tokens::{TokensBudget, TokensConfig};
use crate::config::ConfigError;

/// Decides how many retries a number of requests may cause.
///
/// The number of tries bounds what one call does to a server; it does not bound what all calls do
/// when all of them fail, which is when it matters.
///
/// Every try that begins ends once, in [`on_end`](Self::on_end). Every withdrawal is either given
/// back, as its retry was not sent, or handed over at the end of the try that it paid for.
pub trait RetryBudget: Debug + Send {
    /// A try begins: the first of its call, or a retry.
    fn on_try(&mut self, now: Time, first: bool);

    /// A try has ended, which `paid` had paid for if it was a retry.
    fn on_end(&mut self, end: End, paid: Option<Withdrawal>);

    /// Takes one retry out, if there is one, after a try that ended in `trouble`.
    fn withdraw(&mut self, now: Time, trouble: Trouble) -> Option<Withdrawal>;

    /// Puts back a retry that was not sent.
    fn give_back(&mut self, withdrawal: Withdrawal);

    /// How many retries it would pay for at `now`.
    fn available(&mut self, now: Time) -> f64;
}

/// A retry that was taken out of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Withdrawal {
    at: Time,
    cost: u32,
}

/// How a try ended, for a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It did its work.
    Success,
    /// It failed in a way that a retry may cure, or the server asked for no retry.
    Trouble(Trouble),
    /// Any other way: an error that no retry cures, an outcome that says nothing.
    Other,
    /// Nobody waited for its end.
    Dropped,
}

/// A failure that a retry may cure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The server failed.
    Failed,
    /// Nothing came in time.
    TimedOut,
    /// The server, or what guards it, has too much to do.
    Overloaded,
}

/// The kinds of budget.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Budget {
    /// A share of the requests of the last while.
    Ratio(BudgetConfig),
    /// Tokens that failures cost and successes earn; it blocks nothing while half of them are there.
    Tokens(TokensConfig),
    /// A bucket from which a retry takes what its failure costs.
    Aws(AwsConfig),
    /// A bound on the retries under way at once.
    Concurrent(ConcurrentConfig),
    /// A small bucket that requests or successes fill.
    Bucket(BucketConfig),
    /// No retries while too large a share of all there was has failed.
    Cumulative(CumulativeConfig),
}

impl From<BudgetConfig> for Budget {
    fn from(config: BudgetConfig) -> Self {
        Self::Ratio(config)
    }
}

impl Budget {
    /// A full budget.
    pub fn build(self) -> Box<dyn RetryBudget> {
        match self {
            Self::Ratio(config) => Box::new(RatioBudget::new(config)),
            Self::Tokens(config) => Box::new(TokensBudget::new(config)),
            Self::Aws(config) => Box::new(AwsBudget::new(config)),
            Self::Concurrent(config) => Box::new(ConcurrentBudget::new(config)),
            Self::Bucket(config) => Box::new(BucketBudget::new(config)),
            Self::Cumulative(config) => Box::new(CumulativeBudget::new(config)),
        }
    }

    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When a number is out of its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Ratio(config) => config.check(),
            Self::Tokens(config) => config.check(),
            Self::Aws(config) => config.check(),
            Self::Concurrent(config) => config.check(),
            Self::Bucket(config) => config.check(),
            Self::Cumulative(config) => config.check(),
        }
    }
}

/// One retry, and one token. What is a fraction in a configuration is kept to a millionth: whole
/// numbers of retries for each request, or of requests for each retry, would make 0.6 of a retry
/// one and 0.3 a third.
const UNIT: i64 = 1_000_000;

fn fixed(units: f64) -> i64 {
    libm::round(units * UNIT as f64) as i64
}

fn units(fixed: i64) -> f64 {
    fixed as f64 / UNIT as f64
}
