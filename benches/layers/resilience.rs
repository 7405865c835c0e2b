//! The layers of tower-resilience.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::Context;
use tower::ServiceBuilder;
use tower_resilience::bulkhead::BulkheadLayer;
use tower_resilience::circuitbreaker::CircuitBreakerLayer;
use tower_resilience::retry::{RetryBudget, RetryBudgetBuilder, RetryConfigBuilder, RetryLayer};
use tower_resilience::timelimiter::TimeLimiterLayer;

use crate::call::{LONG, MANY, Timed, server, timed as time};
use crate::row::Row;

pub(crate) fn timed(row: Row) -> Option<Timed> {
    let stack = ServiceBuilder::new();
    match row {
        Row::Bare => time(server),
        Row::Timeout => time(|| stack.layer(timeout()).service(server())),
        Row::Retry => time(|| stack.layer(retry().build()).service(server())),
        Row::Budget => time(|| stack.layer(retry().budget(budget()).build()).service(server())),
        Row::Breaker => time(|| stack.layer(breaker()).service(server())),
        Row::Bulkhead => time(|| stack.layer(bulkhead()).service(server())),
        Row::Four => time(|| {
            let inner = stack.layer(breaker()).layer(bulkhead()).service(server());
            ServiceBuilder::new().layer(timeout()).layer(retry().build()).service(inner)
        }),
        Row::Deadline | Row::Balance => None,
    }
}

fn timeout() -> TimeLimiterLayer {
    TimeLimiterLayer::builder().timeout_duration(LONG).cancel_running_future(true).build()
}

fn retry<E>() -> RetryConfigBuilder<Context, u32, E> {
    RetryLayer::builder().max_attempts(3).exponential_backoff(Duration::from_millis(50))
}

fn budget() -> Arc<dyn RetryBudget> {
    RetryBudgetBuilder::new().token_bucket().build().expect("its defaults are valid")
}

fn breaker() -> CircuitBreakerLayer {
    CircuitBreakerLayer::builder().build().expect("its defaults are valid")
}

fn bulkhead() -> BulkheadLayer {
    let config = BulkheadLayer::builder().max_concurrent_calls(MANY as usize);
    config.build().expect("the limit is positive")
}
