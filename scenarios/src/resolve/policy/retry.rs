use cascadia_patterns::retry::{Backoff, BudgetConfig, RetryConfig};

use super::or;
use crate::dto;
use crate::units::Duration;

pub(super) fn config(retry: &dto::Retry) -> RetryConfig {
    let default = RetryConfig::default();
    RetryConfig {
        attempts: retry.attempts.unwrap_or(default.attempts),
        backoff: retry.backoff.as_ref().map_or(default.backoff, backoff),
        budget: retry.budget.as_ref().map(budget),
        retry_unsafe: retry.retry_unsafe.unwrap_or(default.retry_unsafe),
        min_useful: default.min_useful,
        max_retry_after: retry.max_retry_after.map(Duration::std),
    }
}

fn budget(budget: &dto::Budget) -> BudgetConfig {
    let default = BudgetConfig::default();
    BudgetConfig {
        ratio: budget.ratio.map_or(default.ratio, |share| share.0),
        min_per_second: budget.min_per_second.map_or(default.min_per_second, |rate| rate.0),
        ttl: or(budget.ttl, default.ttl),
    }
}

fn backoff(backoff: &dto::Backoff) -> Backoff {
    let growth =
        |growth: &dto::Growth| (growth.base.std(), growth.factor.unwrap_or(2.0), growth.max.std());
    match backoff {
        dto::Backoff::None => Backoff::None,
        dto::Backoff::Fixed(delay) => Backoff::Fixed { delay: delay.std() },
        dto::Backoff::Linear(bounds) => {
            Backoff::Linear { base: bounds.base.std(), max: bounds.max.std() }
        }
        dto::Backoff::Decorrelated(bounds) => {
            Backoff::Decorrelated { base: bounds.base.std(), max: bounds.max.std() }
        }
        dto::Backoff::Exponential(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::Exponential { base, factor, max }
        }
        dto::Backoff::FullJitter(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::FullJitter { base, factor, max }
        }
        dto::Backoff::EqualJitter(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::EqualJitter { base, factor, max }
        }
    }
}
