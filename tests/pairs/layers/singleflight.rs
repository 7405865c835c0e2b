//! What makes one call of several.

use cascadia_patterns::call::Context;
use cascadia_patterns::singleflight::{SingleflightConfig, SingleflightLayer};

use super::super::rig::Bounded;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};

pub(super) const LAYERS: &[Entry] = &[entry("singleflight", singleflight)];

/// A call of each of three keys is under way, and as much again for each 10 ms that it hangs.
fn singleflight(rig: &mut Rig, inner: Route) -> Route {
    let key = Box::new(|request: &Context| u64::from(request.baggage.priority));
    let config = SingleflightConfig { max_age: ms(10) };
    let layer = SingleflightLayer::new(config, key, rig.env(), Bounded::new(3 * 3, inner));
    let held = layer.clone();
    rig.holds(move || held.flights() as u32);
    layer
}
