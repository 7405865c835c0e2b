//! The layers of tower-resilience.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::Context;
use tower::ServiceBuilder;
use tower_resilience::adaptive::{AdaptiveLimiterLayer, Aimd};
use tower_resilience::bulkhead::BulkheadLayer;
use tower_resilience::circuitbreaker::CircuitBreakerLayer;
use tower_resilience::fallback::FallbackLayer;
use tower_resilience::hedge::HedgeLayer;
use tower_resilience::ratelimiter::RateLimiterLayer;
use tower_resilience::retry::{RetryBudget, RetryBudgetBuilder, RetryConfigBuilder, RetryLayer};
use tower_resilience::timelimiter::TimeLimiterLayer;

use crate::call::{LONG, MANY, PLENTY, Timed, server, timed as time};
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
        Row::Aimd => time(|| stack.layer(aimd()).service(server())),
        Row::RateLimit => time(|| {
            let limit = RateLimiterLayer::burst(PLENTY as usize, PLENTY as usize).build();
            stack.layer(limit.expect("its numbers are positive")).service(server())
        }),
        Row::FixedCycle => time(|| {
            let limit = RateLimiterLayer::builder().limit_for_period(PLENTY as usize).build();
            stack.layer(limit.expect("its numbers are positive")).service(server())
        }),
        Row::Hedge => time(|| {
            let layer = HedgeLayer::builder().delay(LONG).max_hedged_attempts(2).build();
            stack.layer(layer).service(server())
        }),
        Row::Fallback => time(|| stack.layer(FallbackLayer::value(7)).service(server())),
        _ => None,
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

fn aimd() -> AdaptiveLimiterLayer<Aimd> {
    let aimd = Aimd::builder().initial_limit(20).min_limit(20).max_limit(200);
    let aimd = aimd.latency_threshold(Duration::from_secs(5)).build();
    AdaptiveLimiterLayer::new(aimd.expect("its numbers are positive"))
}

fn bulkhead() -> BulkheadLayer {
    let config = BulkheadLayer::builder().max_concurrent_calls(MANY as usize);
    config.build().expect("the limit is positive")
}
