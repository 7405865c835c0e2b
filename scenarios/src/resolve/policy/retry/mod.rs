mod backoff;
mod budget;

use cascadia_patterns::retry::RetryConfig;

pub(super) use self::budget::check_kinds;
use crate::dto;
use crate::units::Duration;

pub(super) fn config(retry: &dto::Retry) -> RetryConfig {
    match retry {
        dto::Retry::Preset(dto::RetryPreset::Document) => RetryConfig::document(),
        dto::Retry::Object(retry) => object(retry),
    }
}

fn object(retry: &dto::RetryObject) -> RetryConfig {
    let default = RetryConfig::default();
    RetryConfig {
        attempts: retry.attempts.unwrap_or(default.attempts),
        backoff: retry.backoff.as_ref().map_or(default.backoff, backoff::backoff),
        budget: retry.budget.as_ref().map(budget::budget),
        retry_unsafe: retry.retry_unsafe.unwrap_or(default.retry_unsafe),
        min_useful: retry.min_useful.map_or(default.min_useful, Duration::std),
        max_retry_after: retry.max_retry_after.map(Duration::std),
        exact_retry_after: retry.exact_retry_after.unwrap_or(default.exact_retry_after),
        max_depth: retry.max_depth,
        last_takes_rest: retry.last_takes_rest.unwrap_or(default.last_takes_rest),
        elsewhere: retry.elsewhere.unwrap_or(default.elsewhere),
    }
}
