//! What refusing costs.

use std::time::Duration;

use cascadia_models::measure::ServiceCounters;
use cascadia_models::plan::*;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::rate_limit::{Algorithm, RateLimitConfig};

use crate::world::plans::{constant, ms, plan, run, service};

const SECONDS: f64 = 40.0;

/// A server that is asked for `rate` requests a second, each of 10 ms; to refuse one takes 1 ms.
fn server(rate: f64) -> Plan {
    let mut server = service("server", 1, vec![Step::Compute(constant(10))]);
    server.refusal = Duration::from_millis(1);
    let mut plan = plan(vec![server], Arrivals::Constant(rate), ms(60_000));
    plan.warmup = ms(20_000);
    plan
}

fn guarded(mut plan: Plan, layer: LayerPlan) -> Plan {
    plan.stacks = vec![StackPlan { name: "guard".into(), layers: vec![layer] }];
    plan.services[0].inbound = Some(StackId(0));
    plan
}

/// Work that is begun takes so many times as long.
fn slow(factor: f64) -> Effect {
    Effect::on(target(), move |hit| hit.slow(factor))
}

/// All work takes so many times as long.
fn stretch(factor: f64) -> Effect {
    Effect::on(target(), move |hit| hit.stretch(factor))
}

fn fault(start: u64, effect: Effect) -> Vec<FaultPlan> {
    vec![FaultPlan { name: "fault".into(), start: ms(start), end: ms(60_000), effect }]
}

fn target() -> Target {
    let candidates = vec![Instance { service: ServiceId(0), replica: 0 }];
    Target { candidates, pick: Pick::All }
}

fn counters(plan: Plan) -> ServiceCounters {
    run(plan).services[0].measured
}

/// The requests that are served a second: what a worker does not spend on refusing the others is
/// left for them. All times are `factor` times as long as planned.
fn served(rate: f64, factor: f64) -> f64 {
    ((1.0 - rate * 0.001 * factor) / (0.009 * factor)).max(0.0)
}

fn check(plan: Plan, expected: f64) {
    let server = counters(plan);
    let served = server.started as f64 / SECONDS;
    assert!((served - expected).abs() < 0.5, "{served} and not {expected}");
    assert!(server.utilisation().unwrap() > 0.999, "{:?}", server.utilisation());
}

#[test]
fn a_full_queue_costs_its_server_what_it_refuses() {
    for rate in [150.0, 400.0, 800.0, 1_200.0] {
        let mut plan = server(rate);
        plan.services[0].queue.capacity = Some(5);
        check(plan, served(rate, 1.0));
    }
}

#[test]
fn refusing_at_the_door_costs_the_same() {
    for rate in [150.0, 400.0, 800.0, 1_200.0] {
        let limit = BulkheadConfig { limit: 6, ..BulkheadConfig::default() };
        check(guarded(server(rate), LayerPlan::new(limit)), served(rate, 1.0));
    }
}

#[test]
fn a_slow_server_refuses_as_slowly_as_it_works() {
    for slow in [slow, stretch] {
        let mut plan = server(150.0);
        plan.services[0].queue.capacity = Some(5);
        plan.faults = fault(0, slow(3.0));
        check(plan, served(150.0, 3.0));
    }
}

#[test]
fn who_has_time_to_refuse_serves_all_the_same() {
    let mut plan = server(80.0);
    plan.services[0].workers = Workers::Limited(2);
    let algorithm = Algorithm::FixedCycle { limit: 2, window: Duration::from_millis(50) };
    let server = counters(guarded(plan, LayerPlan::new(RateLimitConfig::new(algorithm))));
    assert_eq!((server.started, server.rejected), (1_600, 1_600));
    let utilisation = server.utilisation().unwrap();
    let expected = (40.0 * 0.01 + 40.0 * 0.001) / 2.0;
    assert!((utilisation - expected).abs() < 0.001, "{utilisation} and not {expected}");
}

#[test]
fn what_a_crash_leaves_to_refuse_is_gone() {
    let mut plan = server(1_200.0);
    plan.services[0].queue.capacity = Some(5);
    plan.faults = fault(50_000, Effect::on(target(), |hit| hit.stop()));
    let server = counters(plan);
    assert_eq!(server.refusing, 30 * 1_000_000_000, "busy with it until it went down");
}

#[test]
fn work_on_refusals_that_is_never_done_is_no_more_than_that() {
    for millis in [u64::MAX / 1_000_000, u64::MAX / 2_000_000, u64::MAX / 3_000_000] {
        for slow in [slow, stretch] {
            let mut plan = server(1_000.0);
            plan.services[0].queue.capacity = Some(0);
            plan.services[0].refusal = Duration::from_millis(millis);
            plan.faults = fault(0, slow(2.0));
            let server = counters(plan);
            assert_eq!((server.started, server.rejected), (0, 40_000));
            assert_eq!(server.utilisation(), Some(1.0));
        }
    }
}
