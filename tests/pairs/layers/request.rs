//! What looks at one call alone.

use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::fallback::{Chain, FallbackConfig, FallbackLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_patterns::trace::{TraceConfig, TraceLayer};

use super::super::rig::Bounded;
use super::{Entry, Rig, entry};
use crate::conformance::bench::{Route, ms};
use crate::conformance::server::Step;

pub(super) const LAYERS: &[Entry] = &[
    entry("timeout", &[r#"{ "timeout": "20ms" }"#], timeout),
    entry("deadline", &[r#"{ "deadline": {} }"#], deadline),
    entry("fallback", &[r#"{ "fallback": [{ "call": "s.e", "limit": 2 }, "default"] }"#], fallback),
    entry("trace", &[], trace),
];

fn timeout(rig: &mut Rig, inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: ms(20) }, rig.env(), inner)
}

fn deadline(rig: &mut Rig, inner: Route) -> Route {
    DeadlineLayer::new(DeadlineConfig::default(), rig.env(), inner)
}

/// Asks another server, of which it may hold two calls, and has an answer of its own after that.
fn fallback(rig: &mut Rig, inner: Route) -> Route {
    let script = [Step::OkAfter(ms(4)), Step::Fail, Step::Hang].repeat(9);
    let other = Bounded::new(2, rig.another(&script));
    let chain = Chain::new(|answer: &mut u32| *answer += 100);
    let chain = chain.call(FallbackConfig { limit: 2 }, other).default(|_| 1);
    FallbackLayer::new(rig.env(), inner, chain)
}

fn trace(rig: &mut Rig, inner: Route) -> Route {
    TraceLayer::new(TraceConfig::default(), rig.env(), inner)
}
