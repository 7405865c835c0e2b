//! What bounds the calls under way.

use std::sync::Arc;

use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::call::Context;
use cascadia_patterns::limit::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, LimitLayer, VegasConfig,
};
use cascadia_sim_core::Sim;

use super::super::rig::Bounded;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};

pub(super) const LAYERS: &[Entry] = &[
    entry("bulkhead", bulkhead),
    entry("keyed bulkhead", keyed),
    entry("pool", pool),
    entry("aimd", aimd),
    entry("vegas", vegas),
    entry("gradient2", gradient2),
    entry("gradient", gradient),
];

fn watched(rig: &mut Rig, layer: Arc<BulkheadLayer<Sim, Context, u32, &'static str>>) -> Route {
    let held = layer.clone();
    rig.holds(move || held.in_flight() + held.waiting());
    layer
}

fn bulkhead(rig: &mut Rig, inner: Route) -> Route {
    let config = BulkheadConfig { limit: 4, max_wait: ms(5), max_waiting: Some(4) };
    let layer = BulkheadLayer::new(config, rig.env(), Bounded::new(4, inner));
    watched(rig, layer)
}

/// Of three keys two have a place at once.
fn keyed(rig: &mut Rig, inner: Route) -> Route {
    let each = BulkheadConfig { limit: 2, max_wait: ms(5), max_waiting: None };
    let config = KeyedBulkheadConfig { each, max_keys: 2 };
    let key = Box::new(|request: &Context| u64::from(request.baggage.priority));
    let layer = BulkheadLayer::keyed(config, key, rig.env(), Bounded::new(2 * 2, inner));
    watched(rig, layer)
}

fn pool(rig: &mut Rig, inner: Route) -> Route {
    let config = PoolConfig { core: 2, max: 4, queue: 4, keepalive: ms(1), max_wait: ms(5) };
    let layer = BulkheadLayer::pool(config, rig.env(), Bounded::new(4, inner));
    watched(rig, layer)
}

/// The most that a limit can be.
const MAX: u32 = 8;

fn limit(rig: &mut Rig, algorithm: Algorithm, inner: Route) -> Route {
    let config = LimitConfig { algorithm, ..LimitConfig::default() };
    let layer = LimitLayer::new(config, rig.env(), Bounded::new(MAX, inner));
    let held = layer.clone();
    rig.holds(move || held.in_flight());
    layer
}

fn aimd(rig: &mut Rig, inner: Route) -> Route {
    let config = AimdConfig { initial: 4, min: 2, max: MAX, timeout: ms(10), ..Default::default() };
    limit(rig, Algorithm::Aimd(config), inner)
}

fn vegas(rig: &mut Rig, inner: Route) -> Route {
    limit(rig, Algorithm::Vegas(VegasConfig { initial: 4, max: MAX, ..Default::default() }), inner)
}

fn gradient2(rig: &mut Rig, inner: Route) -> Route {
    let config = Gradient2Config { initial: 4, min: 2, max: MAX, queue: 1, ..Default::default() };
    limit(rig, Algorithm::Gradient2(config), inner)
}

fn gradient(rig: &mut Rig, inner: Route) -> Route {
    let config = GradientConfig {
        max: MAX,
        update: ms(4),
        min_rtt_interval: ms(20),
        min_rtt_samples: 4,
        ..GradientConfig::default()
    };
    limit(rig, Algorithm::Gradient(config), inner)
}
