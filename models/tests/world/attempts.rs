//! What counts as an attempt, and what as an arrival that has ended.

use std::time::Duration;

use cascadia_models::measure::{Count, Measured, ServiceCounters};
use cascadia_models::plan::*;
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::{BreakerConfig, Manual};
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::fallback::FallbackConfig;
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig};
use cascadia_patterns::retry::{Backoff, RetryConfig};
use cascadia_patterns::throttle::ThrottleConfig;
use cascadia_patterns::timeout::TimeoutConfig;

use crate::world::plans::{constant, ms, plan, run, service};

fn retry(attempts: u16) -> LayerPlan {
    let config = RetryConfig { attempts, backoff: Backoff::None, ..RetryConfig::default() };
    LayerPlan::new(RetryConfig { budget: None, ..config })
}

fn timeout(millis: u64) -> LayerPlan {
    LayerPlan::new(TimeoutConfig { after: Duration::from_millis(millis) })
}

fn fallback() -> LayerPlan {
    let (service, endpoint) = (ServiceId(2), EndpointId(0));
    let config = FallbackConfig { limit: 1_000 };
    LayerPlan::new(FallbackPlan(vec![FallbackStep::Call {
        service,
        endpoint,
        policy: None,
        config,
    }]))
}

/// Layers that refuse calls before they are sent.
fn refusing() -> Vec<Vec<LayerPlan>> {
    let open = |mode| BreakerConfig { mode, consecutive: Some(3), ..BreakerConfig::default() };
    let limit = Algorithm::TokenBucket { rate: Rate::per_second(50), burst: 1 };
    let balance = LayerPlan::new(BalanceKind::default());
    let breaker = |mode| LayerPlan::new(open(mode));
    vec![
        vec![],
        vec![breaker(Manual::ForcedOpen)],
        vec![breaker(Manual::Automatic)],
        vec![balance, breaker(Manual::Automatic)],
        vec![LayerPlan::new(BulkheadConfig { limit: 1, ..BulkheadConfig::default() })],
        vec![LayerPlan::new(RateLimitConfig::new(limit))],
        vec![LayerPlan::new(ThrottleConfig::default())],
    ]
}

/// Users call a front, which takes 7 ms and calls a back, which answers all with an error. There is
/// a spare service for fallbacks.
fn world(users: Vec<LayerPlan>, front: Vec<LayerPlan>, inbound: Vec<LayerPlan>) -> Plan {
    let (back, endpoint) = (ServiceId(1), EndpointId(0));
    let call = Step::Call { service: back, endpoint, policy: Some(StackId(1)) };
    let mut services = vec![
        service("front", 1_000, vec![Step::Compute(constant(7)), call]),
        service("back", 1_000, vec![]),
        service("spare", 1_000, vec![]),
    ];
    services[0].replicas = 2;
    services[0].inbound = Some(StackId(2));
    let mut plan = plan(services, Arrivals::Constant(200.0), ms(3_000));
    plan.loads[0].until = ms(1_000);
    plan.loads[0].policy = Some(StackId(0));
    let stacks = [("users", users), ("front", front), ("inbound", inbound)];
    let stack = |(name, layers): (&str, _)| StackPlan { name: name.into(), layers };
    plan.stacks = stacks.into_iter().map(stack).collect();
    let candidates = vec![Instance { service: back, replica: 0 }];
    let effect = Effect::on(Target { candidates, pick: Pick::All }, |hit| hit.fail(1.0));
    plan.faults = vec![FaultPlan { name: "bad".into(), start: ms(0), end: ms(3_000), effect }];
    plan
}

fn attempts(measured: &Measured) -> u64 {
    let load = &measured.loads[0];
    let series: u64 = load.series.iter().map(|window| window.counts[Count::Attempts]).sum();
    assert_eq!(series, load.measured.counts[Count::Attempts]);
    series
}

fn server(measured: &Measured, service: usize) -> ServiceCounters {
    measured.services[service].measured
}

#[test]
fn what_is_refused_before_it_is_sent_is_no_attempt() {
    for tries in [1, 3] {
        for layers in refusing() {
            let users = [vec![retry(tries)], layers.clone()].concat();
            let measured = run(world(users, vec![], vec![]));
            let front = server(&measured, 0);
            assert_eq!(attempts(&measured), front.arrivals, "{tries} {layers:?}");
            assert_eq!(measured.loads[0].measured.counts[Count::Offered], 200);
        }
    }
}

#[test]
fn at_depth_only_what_is_sent_again_is_an_attempt() {
    for tries in [1, 2, 4] {
        let measured = run(world(vec![], vec![retry(tries)], vec![]));
        let (front, back) = (server(&measured, 0), server(&measured, 1));
        assert_eq!((front.arrivals, back.arrivals), (200, 200 * u64::from(tries)));
        assert_eq!(attempts(&measured), back.arrivals);
    }
    for layers in refusing() {
        let measured = run(world(vec![], [vec![retry(3)], layers.clone()].concat(), vec![]));
        let (front, back) = (server(&measured, 0), server(&measured, 1));
        assert!(attempts(&measured) <= front.arrivals + back.arrivals, "{layers:?}");
        let nothing_sent = back.arrivals == 0;
        assert!(!nothing_sent || attempts(&measured) == front.arrivals, "{layers:?}");
    }
}

#[test]
fn what_is_lost_on_the_way_was_sent() {
    let mut plan = world(vec![retry(3), timeout(5)], vec![], vec![]);
    plan.links.default = Some(Link { loss: 1.0, ..Link::new(Duration::ZERO) });
    let measured = run(plan);
    assert_eq!((attempts(&measured), server(&measured, 0).arrivals), (600, 0));
}

#[test]
fn copies_are_attempts() {
    let delay = HedgeDelay::Fixed(Duration::from_millis(1));
    let hedge = HedgeConfig { delay, max: 2, budget: None, ..HedgeConfig::default() };
    let measured = run(world(vec![LayerPlan::new(hedge)], vec![], vec![]));
    assert_eq!(attempts(&measured), server(&measured, 0).arrivals);
    assert_eq!(attempts(&measured), 400, "there is no third replica");
}

#[test]
fn the_call_of_a_fallback_is_no_attempt() {
    let measured = run(world(vec![fallback(), retry(2)], vec![], vec![]));
    assert_eq!(server(&measured, 2).arrivals, 200);
    assert_eq!(attempts(&measured), server(&measured, 0).arrivals);
    let measured = run(world(vec![], vec![fallback(), retry(2)], vec![]));
    assert_eq!((server(&measured, 2).arrivals, attempts(&measured)), (200, 400));
}

#[test]
fn each_arrival_ends_once_however_often_it_is_tried_inside() {
    for tries in [1, 2, 5] {
        for inbound in [
            vec![retry(tries)],
            vec![timeout(10), retry(tries)],
            vec![retry(tries), timeout(5)],
            vec![timeout(5), retry(tries)],
            vec![retry(tries), LayerPlan::new(BulkheadConfig { limit: 1, ..Default::default() })],
        ] {
            for on_cancel in [OnCancel::Ignore, OnCancel::SkipQueued, OnCancel::Stop] {
                let mut plan = world(vec![], vec![], inbound.clone());
                plan.services[0].on_cancel = on_cancel;
                let measured = run(plan);
                let front = server(&measured, 0);
                let case = format!("{tries} {inbound:?} {on_cancel:?}");
                assert_eq!(front.completions + front.rejected, front.arrivals, "{case}");
                assert_eq!((front.arrivals, attempts(&measured)), (200, 200), "{case}");
                let replicas = measured.services[0].replicas.iter();
                let replicas: u64 = replicas.map(|replica| replica.completions).sum();
                assert_eq!(replicas, front.completions, "{case}");
            }
        }
    }
}

#[test]
fn an_arrival_whose_caller_has_gone_ends_once_too() {
    for inbound in [vec![], vec![retry(3)], vec![timeout(100)]] {
        let measured = run(world(vec![timeout(5)], vec![], inbound));
        let front = server(&measured, 0);
        assert_eq!((front.arrivals, front.completions), (200, 200));
    }
}
