//! What stops calling what fails.

use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, HalfOpen, OpenWait};

use super::super::rig::Probes;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};

pub(super) const LAYERS: &[Entry] = &[entry("breaker", breaker)];

fn breaker(rig: &mut Rig, inner: Route) -> Route {
    let half_open = HalfOpen { permits: 2, max_wait: Some(ms(10)), ..HalfOpen::default() };
    let open = OpenWait::fixed(ms(5));
    let permits = half_open.permits;
    let config = BreakerConfig { consecutive: Some(3), open, half_open, ..Default::default() };
    let probes = Probes::new(permits, inner);
    let layer = BreakerLayer::new(config, rig.env(), probes.clone());
    probes.watch(&layer);
    layer
}
