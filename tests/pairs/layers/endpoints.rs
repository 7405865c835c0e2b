//! What chooses among endpoints.

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::call::Context;
use cascadia_patterns::outlier::{EnvoyConfig, OutlierConfig, OutlierLayer, Run};
use cascadia_sim_core::Sim;

use super::{Build, Entry, Rig};
use crate::conformance::bench::{Route, ms};

pub(super) const LAYERS: &[Entry] = &[among("balance", balance), among("outlier", outlier)];

const fn among(name: &'static str, build: fn(&mut Rig, Vec<Route>) -> Route) -> Entry {
    Entry { name, build: Build::Among(build), of_two: 2 }
}

fn balance(rig: &mut Rig, endpoints: Vec<Route>) -> Route {
    balancer(rig, endpoints)
}

/// Outlier detection and the balancer that it goes around.
fn outlier(rig: &mut Rig, endpoints: Vec<Route>) -> Route {
    let config = EnvoyConfig {
        interval: ms(4),
        base_ejection_time: ms(4),
        max_ejection_time: ms(8),
        max_ejection_percent: 0.5,
        consecutive: Run { errors: 2, enforcing: 1.0 },
        ..EnvoyConfig::default()
    };
    let balancer = balancer(rig, endpoints);
    OutlierLayer::new(OutlierConfig::Envoy(config), rig.env(), balancer)
}

fn balancer(
    rig: &mut Rig,
    endpoints: Vec<Route>,
) -> Arc<BalanceLayer<Sim, Context, u32, &'static str>> {
    let layer = BalanceLayer::new(BalanceConfig::default(), rig.env(), endpoints);
    let held = layer.clone();
    rig.holds(move || held.outstanding().iter().sum());
    layer
}
