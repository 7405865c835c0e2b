//! Our layers.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer};
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, PoolConfig};
use cascadia_patterns::call::{Call, Context, Stack, call_fn};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::env::Env;
use cascadia_patterns::fallback::{Chain, FallbackLayer};
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use cascadia_patterns::limit::{AimdConfig, Algorithm as Limiting, LimitConfig, LimitLayer};
use cascadia_patterns::outlier::{EnvoyConfig, OutlierConfig, OutlierLayer};
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::retry::{BudgetConfig, RetryConfig, RetryLayer};
use cascadia_patterns::shed::{CodelConfig, DisciplineConfig, Order, QueueConfig, QueueLayer};
use cascadia_patterns::singleflight::{SingleflightConfig, SingleflightLayer};
use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Stream, TokioWorld};

use crate::call::{LONG, MANY, PLENTY, Timed, answer};
use crate::row::Row;

type Route = Arc<dyn Call<Context, u32, &'static str>>;

pub(crate) fn timed(row: Row) -> Option<Timed> {
    crate::call::timed(|| Stack(route(row)))
}

fn route(row: Row) -> Route {
    match row {
        Row::Bare => server(),
        Row::Timeout => timeout(server()),
        Row::Deadline => DeadlineLayer::new(DeadlineConfig::default(), env(), server()),
        Row::Retry => retry(server()),
        Row::Budget => {
            let budget = Some(BudgetConfig::default().into());
            RetryLayer::new(RetryConfig { budget, ..RetryConfig::default() }, env(), server())
        }
        Row::Breaker => breaker(server()),
        Row::Bulkhead => bulkhead(server()),
        Row::Throttle => ThrottleLayer::new(ThrottleConfig::default(), env(), server()),
        Row::Pool => BulkheadLayer::pool(PoolConfig::default(), env(), server()),
        Row::Aimd => {
            let algorithm = Limiting::Aimd(AimdConfig::default());
            LimitLayer::new(LimitConfig { algorithm, ..LimitConfig::default() }, env(), server())
        }
        Row::RateLimit => {
            let rate = Rate::per_second(PLENTY);
            rate_limit(Algorithm::TokenBucket { rate, burst: PLENTY })
        }
        Row::FixedCycle => {
            rate_limit(Algorithm::FixedCycle { limit: PLENTY, window: Duration::from_secs(1) })
        }
        Row::Shed => {
            let discipline =
                DisciplineConfig { order: Order::Fifo, codel: Some(CodelConfig::default()) };
            let config = QueueConfig { limit: MANY, max_waiting: None, discipline };
            QueueLayer::new(config, None, env(), server())
        }
        Row::Hedge => {
            let delay = HedgeDelay::Fixed(LONG);
            HedgeLayer::new(HedgeConfig { delay, ..HedgeConfig::default() }, env(), server())
        }
        Row::Fallback => FallbackLayer::new(env(), server(), Chain::new(|_| {}).default(|_| 7)),
        Row::Singleflight => {
            let key = Box::new(|_: &Context| 0);
            SingleflightLayer::new(SingleflightConfig::default(), key, env(), server())
        }
        Row::Balance => balance(),
        Row::Outlier => {
            let config = OutlierConfig::Envoy(EnvoyConfig::default());
            OutlierLayer::new(config, env(), balance())
        }
        Row::Four => timeout(retry(breaker(bulkhead(server())))),
    }
}

fn server() -> Route {
    call_fn(answer)
}

fn env() -> Env<TokioWorld, u32, &'static str> {
    Env::new(TokioWorld::new(), Stream::from_seed(1))
}

fn balance() -> Arc<BalanceLayer<TokioWorld, Context, u32, &'static str>> {
    let config = BalanceConfig { kind: BalanceKind::P2c };
    BalanceLayer::new(config, env(), vec![server(), server(), server()])
}

fn rate_limit(algorithm: Algorithm) -> Route {
    RateLimitLayer::new(RateLimitConfig::new(algorithm), env(), server())
}

fn timeout(inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: LONG }, env(), inner)
}

fn retry(inner: Route) -> Route {
    RetryLayer::new(RetryConfig::default(), env(), inner)
}

fn breaker(inner: Route) -> Route {
    BreakerLayer::new(BreakerConfig::default(), env(), inner)
}

fn bulkhead(inner: Route) -> Route {
    BulkheadLayer::new(BulkheadConfig { limit: MANY, ..BulkheadConfig::default() }, env(), inner)
}
