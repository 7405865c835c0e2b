//! Copies that cancel each other.

use std::time::Duration;

use cascadia_models::measure::{Count, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};

use crate::world::plans::{exponential, ms, plan, run, service};

/// Two replicas at half of what they can do, and calls that go to both, to the second when the news
/// from the first would have come.
fn doubled(on_cancel: OnCancel, tied: bool, latency: u64, inbound: bool) -> Measured {
    let mut server = service("server", 1, vec![Step::Compute(exponential(10))]);
    server.replicas = 2;
    server.on_cancel = on_cancel;
    server.inbound = inbound.then_some(StackId(1));
    let mut plan = plan(vec![server], Arrivals::Poisson(100.0), ms(40_000));
    plan.loads[0].until = ms(30_000);
    plan.links.default = Some(Link::new(Duration::from_millis(latency)));
    let delay = HedgeDelay::Fixed(Duration::from_millis(2 * latency + 1));
    let hedge = LayerPlan::new(HedgeConfig { delay, tied, ..HedgeConfig::tied() });
    let deadline = LayerPlan::new(DeadlineConfig::default());
    let stack = |name: &str, layer| StackPlan { name: name.into(), layers: vec![layer] };
    plan.stacks = vec![stack("calls", hedge), stack("door", deadline)];
    plan.loads[0].policy = Some(StackId(0));
    run(plan)
}

/// Calls, copies, and what was worked on.
fn counts(measured: &Measured) -> (u64, u64, u64) {
    let load = &measured.loads[0].measured;
    (
        load.counts[Count::Offered],
        load.counts[Count::Attempts],
        measured.services[0].measured.completions,
    )
}

#[test]
fn of_tied_copies_one_is_worked_on() {
    for inbound in [false, true] {
        let (calls, copies, worked) = counts(&doubled(OnCancel::SkipQueued, true, 0, inbound));
        assert!(copies > calls * 13 / 10, "{copies} copies of {calls}");
        assert_eq!(worked, calls, "behind an inbound stack: {inbound}");
    }
}

#[test]
fn without_a_tie_or_where_it_is_ignored_both_are() {
    let (calls, _, worked) = counts(&doubled(OnCancel::SkipQueued, false, 0, false));
    assert!(worked > calls * 12 / 10, "{worked} of {calls}");
    let (_, copies, worked) = counts(&doubled(OnCancel::Ignore, true, 0, false));
    assert_eq!(worked, copies);
}

/// The news goes to the caller and the cancellation to the other server.
#[test]
fn what_begins_while_the_news_travels_is_worked_on_twice() {
    let twice = |latency| {
        let (calls, _, worked) = counts(&doubled(OnCancel::SkipQueued, true, latency, false));
        worked - calls
    };
    let (near, far) = (twice(1), twice(5));
    assert!(near > 0 && near < 300 && far > 2 * near, "{near} of 3,000 at 1 ms, {far} at 5 ms");
}
