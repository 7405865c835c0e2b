//! What of a request crosses a hop, and what is the business of the stack that sends it.

use std::time::Duration;

use cascadia_models::measure::{Count, Ended, Happened, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::fallback::FallbackConfig;
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::retry::{Backoff, RetryConfig};
use cascadia_patterns::timeout::TimeoutConfig;
use cascadia_runtime::Time;

use crate::world::plans::{constant, exponential, ms, plan, run, service};

fn timeout(millis: u64) -> LayerPlan {
    LayerPlan::new(TimeoutConfig { after: Duration::from_millis(millis) })
}

fn retry(attempts: u16, last_takes_rest: bool) -> LayerPlan {
    let backoff = Backoff::None;
    let config = RetryConfig { attempts, backoff, last_takes_rest, ..RetryConfig::default() };
    LayerPlan::new(RetryConfig { budget: None, ..config })
}

/// Users call `server` through `layers`, and it has an inbound stack if there is a `door`.
fn calls(mut server: ServicePlan, layers: Vec<LayerPlan>, door: Vec<LayerPlan>) -> Plan {
    server.inbound = (!door.is_empty()).then_some(StackId(1));
    let mut plan = plan(vec![server], Arrivals::Constant(20.0), ms(20_000));
    plan.loads[0].until = ms(10_000);
    let stack = |name: &str, layers| StackPlan { name: name.into(), layers };
    plan.stacks = vec![stack("calls", layers), stack("door", door)];
    plan.loads[0].policy = Some(StackId(0));
    plan
}

fn outcomes(measured: &Measured) -> [u64; 6] {
    measured.loads[0].measured.outcomes
}

fn happened(measured: &Measured, layer: &str, what: Happened) -> u64 {
    let layers = measured.policies.iter().filter(|(name, _)| name.contains(layer));
    let often = layers.flat_map(|(_, layer)| &layer.happened);
    often.filter(|often| often.what == what).map(|often| often.total).sum()
}

#[test]
fn the_last_try_of_a_caller_takes_no_rest_at_the_server() {
    let patience = || vec![timeout(3_000), retry(2, true), timeout(200)];
    for door in [vec![timeout(100)], vec![retry(2, false), timeout(100)]] {
        let server = service("server", 1_000, vec![Step::Compute(constant(1_000))]);
        let measured = run(calls(server, patience(), door.clone()));
        let [ok, .., unfinished] = outcomes(&measured);
        assert_eq!((ok, unfinished), (0, 0), "{door:?}");
    }
    let server = service("server", 1_000, vec![Step::Compute(constant(1_000))]);
    let [ok, ..] = outcomes(&run(calls(server, patience(), vec![])));
    assert_eq!(ok, 200, "without a door it is the last try that is answered");
}

/// The work that is done in place of a copy is not the work of the copy.
#[test]
fn what_a_fallback_begins_does_not_end_the_other_copies() {
    let mut server = service("server", 1, vec![Step::Compute(constant(900))]);
    (server.replicas, server.on_cancel) = (2, OnCancel::SkipQueued);
    let delay = HedgeDelay::Fixed(Duration::from_millis(1));
    let hedge = LayerPlan::new(HedgeConfig { delay, ..HedgeConfig::tied() });
    let (service_id, endpoint) = (ServiceId(1), EndpointId(0));
    let config = FallbackConfig { limit: 1_000 };
    let step = FallbackStep::Call { service: service_id, endpoint, policy: None, config };
    let layers = vec![timeout(5_000), hedge, LayerPlan::new(FallbackPlan(vec![step]))];
    let mut plan = calls(server, layers, vec![]);
    plan.services.push(service("other", 1_000, vec![Step::Compute(constant(100))]));
    let candidates = vec![Instance { service: ServiceId(0), replica: 1 }];
    let target = Target { candidates, pick: Pick::All };
    let effect = Effect::on(target, |hit| hit.fail(1.0));
    plan.faults =
        vec![FaultPlan { name: "bad".into(), start: Time::ZERO, end: ms(20_000), effect }];
    assert_eq!(outcomes(&run(plan))[Ended::Ok.index()], 200);
}

/// Each try is other work, and that is decided by who tries.
#[test]
fn a_door_that_lets_everything_pass_changes_nothing() {
    let run = |door| {
        let server = service("server", 1_000, vec![Step::Compute(exponential(10))]);
        let measured = run(calls(server, vec![retry(3, false), timeout(10)], door));
        (outcomes(&measured), measured.loads[0].measured.counts[Count::Attempts])
    };
    let without = run(vec![]);
    assert!(without.0[Ended::Ok.index()] > 180, "{without:?}: one in twenty fails three times");
    assert_eq!(run(vec![LayerPlan::new(DeadlineConfig::default())]), without);
    assert_eq!(run(vec![retry(3, false)]), without);
}

#[test]
fn what_is_tried_again_behind_a_door_is_other_work_too() {
    let server = service("server", 1_000, vec![Step::Compute(exponential(10))]);
    let measured = run(calls(server, vec![], vec![retry(3, false), timeout(10)]));
    let [ok, ..] = outcomes(&measured);
    assert!((180..200).contains(&ok), "{ok} of 200: one in twenty fails three times");
}

/// A circuit goes by what its server refuses, and not by what is refused before it is sent.
#[test]
fn a_refusal_tells_of_the_side_that_made_it() {
    let breaker =
        || LayerPlan::new(BreakerConfig { consecutive: Some(5), ..BreakerConfig::default() });
    let bulkhead = || LayerPlan::new(BulkheadConfig { limit: 1, ..BulkheadConfig::default() });
    let opened = |capacity, inner: Vec<LayerPlan>, door| {
        let mut server = service("server", 1, vec![Step::Compute(constant(1_000))]);
        server.queue.capacity = capacity;
        let measured = run(calls(server, [vec![breaker()], inner].concat(), door));
        assert!(outcomes(&measured)[3] > 0, "something is refused");
        happened(&measured, "breaker", Happened::Opened) > 0
    };
    assert!(!opened(None, vec![bulkhead()], vec![]), "it is refused here");
    assert!(opened(Some(0), vec![], vec![]), "it is refused by the server");
    assert!(opened(None, vec![], vec![bulkhead()]), "it is refused at its door");
}
