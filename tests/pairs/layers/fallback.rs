//! What looks at one call alone.

use cascadia_patterns::fallback::{Chain, FallbackConfig, FallbackLayer};

use super::super::rig::Bounded;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};
use crate::conformance::server::Step;

pub(super) const LAYERS: &[Entry] = &[entry("fallback", fallback)];

/// Asks another server, of which it may hold two calls, and has an answer of its own after that.
fn fallback(rig: &mut Rig, inner: Route) -> Route {
    let script = [Step::OkAfter(ms(4)), Step::Fail, Step::Hang].repeat(9);
    let other = Bounded::new(2, rig.another(&script));
    let chain = Chain::new(|answer: &mut u32| *answer += 100);
    let chain = chain.call(FallbackConfig { limit: 2 }, other).default(|_| 1);
    FallbackLayer::new(rig.env(), inner, chain)
}
