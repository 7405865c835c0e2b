//! What refuses, or holds back, what is too much.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::shed::{
    CodelConfig, DagorConfig, DagorLayer, DisciplineConfig, OnWait, Order, QueueConfig, QueueLayer,
    WaitGauge,
};

use super::super::rig::Bounded;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};

pub(super) const LAYERS: &[Entry] = &[
    entry("rate limit", token_bucket),
    entry("gcra", gcra),
    entry("sliding log", sliding_log),
    entry("sliding counter", sliding_counter),
    entry("fixed cycle", fixed_cycle),
    entry("queue", queue),
    entry("dagor", dagor),
];

/// One call each 2 ms. Who comes next waits.
const RATE: Rate = Rate::per_second(500);
const WINDOW: Duration = ms(4);

fn rate_limit(rig: &mut Rig, algorithm: Algorithm, inner: Route) -> Route {
    RateLimitLayer::new(RateLimitConfig { algorithm, max_wait: ms(10) }, rig.env(), inner)
}

fn token_bucket(rig: &mut Rig, inner: Route) -> Route {
    rate_limit(rig, Algorithm::TokenBucket { rate: RATE, burst: 2 }, inner)
}

fn gcra(rig: &mut Rig, inner: Route) -> Route {
    rate_limit(rig, Algorithm::Gcra { rate: RATE, burst: 2 }, inner)
}

fn sliding_log(rig: &mut Rig, inner: Route) -> Route {
    rate_limit(rig, Algorithm::SlidingLog { limit: 2, window: WINDOW }, inner)
}

fn sliding_counter(rig: &mut Rig, inner: Route) -> Route {
    rate_limit(rig, Algorithm::SlidingCounter { limit: 2, window: WINDOW }, inner)
}

fn fixed_cycle(rig: &mut Rig, inner: Route) -> Route {
    rate_limit(rig, Algorithm::FixedCycle { limit: 2, window: WINDOW }, inner)
}

fn queue(rig: &mut Rig, inner: Route) -> Route {
    told_queue(rig, None, inner)
}

/// A shedder, and the queue that tells it how long calls wait.
fn dagor(rig: &mut Rig, inner: Route) -> Route {
    let config =
        DagorConfig { target: ms(1), window: ms(5), shrink: 0.5, grow: 0.5, ..Default::default() };
    let gauge = WaitGauge::new(config);
    let queue = told_queue(rig, Some(gauge.clone()), inner);
    DagorLayer::new(gauge, rig.env(), queue)
}

fn told_queue(rig: &mut Rig, waits: Option<Arc<dyn OnWait>>, inner: Route) -> Route {
    let codel = Some(CodelConfig { target: ms(1), interval: ms(5) });
    let discipline = DisciplineConfig { order: Order::Adaptive { above: 2 }, codel };
    let config = QueueConfig { limit: 4, max_waiting: Some(8), discipline };
    let layer = QueueLayer::new(config, waits, rig.env(), Bounded::new(4, inner));
    let held = layer.clone();
    rig.holds(move || held.in_flight() + held.waiting());
    layer
}
