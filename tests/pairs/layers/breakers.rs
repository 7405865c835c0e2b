//! What stops calling what fails.

use cascadia_patterns::breaker::document::{DocumentConfig, DocumentLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer, HalfOpen, OpenWait};
use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};

use super::super::rig::Probes;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};

pub(super) const LAYERS: &[Entry] = &[
    entry("breaker", &[r#"{ "breaker": { "consecutive": 3 } }"#], breaker),
    entry("document breaker", &[r#"{ "breaker": "document" }"#], document),
    entry("throttle", &[r#"{ "throttle": {} }"#], throttle),
];

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

fn document(rig: &mut Rig, inner: Route) -> Route {
    let config = DocumentConfig { failures: 3, recovery: ms(5), successes: 2 };
    DocumentLayer::new(config, rig.env(), inner)
}

fn throttle(rig: &mut Rig, inner: Route) -> Route {
    let config =
        ThrottleConfig { window: ms(20), buckets: 4, min_per_second: 0.0, ..Default::default() };
    ThrottleLayer::new(config, rig.env(), inner)
}
