//! The layers, one entry each.

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, HalfOpen, OpenWait};
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::retry::{Backoff, BudgetConfig, RetryConfig, RetryLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};

use super::rig::{Probes, Rig};
use crate::conformance::bench::{LONG, Route, ms};

/// A layer that is tried with every other one.
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// The layer in the scenario language.
    pub(super) json: &'static str,
    /// Builds it around one route, or several where it has endpoints.
    pub(super) build: fn(&mut Rig, Vec<Route>) -> Route,
    /// How many routes it goes around.
    pub(super) endpoints: usize,
    /// Calls that it may make of so many, at most.
    pub(super) most: fn(u32) -> u32,
}

pub(super) const LAYERS: &[Entry] = &[
    entry("timeout", r#"{ "timeout": "20ms" }"#, timeout),
    entry("deadline", r#"{ "deadline": {} }"#, deadline),
    Entry { most: within_budget, ..entry("retry", r#"{ "retry": { "budget": {} } }"#, retry) },
    entry("breaker", r#"{ "breaker": { "consecutive": 3 } }"#, breaker),
    entry("bulkhead", r#"{ "bulkhead": 4 }"#, bulkhead),
    Entry { endpoints: 2, ..entry("balance", r#"{ "balance": "p2c" }"#, balance) },
];

const fn entry(
    name: &'static str,
    json: &'static str,
    build: fn(&mut Rig, Vec<Route>) -> Route,
) -> Entry {
    Entry { name, json, build, endpoints: 1, most: |calls| calls }
}

fn timeout(rig: &mut Rig, mut routes: Vec<Route>) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: ms(20) }, rig.env(), routes.remove(0))
}

fn deadline(rig: &mut Rig, mut routes: Vec<Route>) -> Route {
    DeadlineLayer::new(DeadlineConfig::default(), rig.env(), routes.remove(0))
}

/// Half a retry for each call.
const BUDGET: BudgetConfig = BudgetConfig { ratio: 0.5, min_per_second: 0.0, ttl: LONG };

fn within_budget(calls: u32) -> u32 {
    calls + calls / 2
}

fn retry(rig: &mut Rig, mut routes: Vec<Route>) -> Route {
    let backoff = Backoff::Fixed { delay: ms(2) };
    let config = RetryConfig { backoff, budget: Some(BUDGET.into()), ..RetryConfig::default() };
    RetryLayer::new(config, rig.env(), routes.remove(0))
}

fn breaker(rig: &mut Rig, mut routes: Vec<Route>) -> Route {
    let half_open = HalfOpen { permits: 2, max_wait: Some(ms(10)), ..HalfOpen::default() };
    let open = OpenWait::fixed(ms(5));
    let permits = half_open.permits;
    let config = BreakerConfig { consecutive: Some(3), open, half_open, ..Default::default() };
    let probes = Probes::new(permits, routes.remove(0));
    let layer = BreakerLayer::new(config, rig.env(), probes.clone());
    probes.watch(&layer);
    layer
}

fn bulkhead(rig: &mut Rig, mut routes: Vec<Route>) -> Route {
    let config = BulkheadConfig { limit: 4, max_wait: ms(5), max_waiting: Some(4) };
    let layer = BulkheadLayer::new(config, rig.env(), routes.remove(0));
    let held = layer.clone();
    rig.holds(move || held.in_flight() + held.waiting());
    layer
}

fn balance(rig: &mut Rig, routes: Vec<Route>) -> Route {
    let layer = BalanceLayer::new(BalanceConfig::default(), rig.env(), routes);
    let held = layer.clone();
    rig.holds(move || held.outstanding().iter().sum());
    layer
}
