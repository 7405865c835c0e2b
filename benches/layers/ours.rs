//! Our layers.

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer};
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer};
use cascadia_patterns::call::{Call, Context, Stack, call_fn};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::env::Env;
use cascadia_patterns::retry::{BudgetConfig, RetryConfig, RetryLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Stream, TokioWorld};

use crate::call::{LONG, MANY, Timed, answer};
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
        Row::Balance => {
            let config = BalanceConfig { kind: BalanceKind::P2c };
            BalanceLayer::new(config, env(), vec![server(), server(), server()])
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
