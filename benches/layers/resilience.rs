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

pub(crate) fn timed(row: &str) -> Option<Timed> {
    let stack = ServiceBuilder::new();
    match row {
        "no layer" => time(server),
        "timeout" => time(|| stack.layer(timeout()).service(server())),
        "retry without budget" => time(|| stack.layer(retry().build()).service(server())),
        "retry" => time(|| stack.layer(retry().budget(budget()).build()).service(server())),
        "breaker" => time(|| stack.layer(breaker()).service(server())),
        "bulkhead" => time(|| stack.layer(bulkhead()).service(server())),
        "four layers" => time(|| {
            let inner = stack.layer(breaker()).layer(bulkhead()).service(server());
            ServiceBuilder::new().layer(timeout()).layer(retry().build()).service(inner)
        }),
        "aimd" => time(|| stack.layer(aimd()).service(server())),
        "rate limit" => time(|| {
            let limit = RateLimiterLayer::burst(PLENTY as usize, PLENTY as usize).build();
            stack.layer(limit.expect("its numbers are positive")).service(server())
        }),
        "fixed cycle" => time(|| {
            let limit = RateLimiterLayer::builder().limit_for_period(PLENTY as usize).build();
            stack.layer(limit.expect("its numbers are positive")).service(server())
        }),
        "hedge" => time(|| {
            let layer = HedgeLayer::builder().delay(LONG).max_hedged_attempts(2).build();
            stack.layer(layer).service(server())
        }),
        "fallback" => time(|| stack.layer(FallbackLayer::value(7)).service(server())),
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
