//! Limits and shedders in the world.

use std::time::Duration;

use cascadia_models::measure::{Cause, Count, Ended};
use cascadia_models::plan::*;
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig};
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig};
use cascadia_patterns::shed::{CodelConfig, DagorConfig, Order};

use crate::world::plans::{constant, load, ms, plan, run, service};

const OK: usize = Ended::Ok.index();
const REJECTED: usize = Ended::Failed(Cause::Rejected).index();

/// A server that is asked for `rate` requests a second, of which it can do a hundred, for 4 s.
fn server(rate: f64) -> Plan {
    let server = service("server", 1, vec![Step::Compute(constant(10))]);
    plan(vec![server], Arrivals::Constant(rate), ms(4_000))
}

fn guarded(mut plan: Plan, layers: Vec<LayerPlan>) -> Plan {
    plan.stacks = vec![StackPlan { name: "guard".into(), layers }];
    plan.services[0].inbound = Some(StackId(0));
    plan
}

#[test]
fn what_a_queue_sheds_is_rejected_and_counted() {
    let mut plan = server(150.0);
    plan.services[0].queue.discipline.codel = Some(CodelConfig::default());
    plan.duration = ms(5_000);
    let measured = run(plan);
    let (users, server) = (&measured.loads[0].measured, &measured.services[0].measured);
    let [ok, rejected] = [OK, REJECTED].map(|index| users.outcomes[index]);
    // Nothing is lost of its capacity, and nobody waits for long.
    assert!((390..=410).contains(&ok) && rejected > 180, "{ok} {rejected}");
    assert_eq!(server.rejected, rejected);
    assert!(server.mean_wait().unwrap() < 80e6, "{:?}", server.mean_wait());
}

#[test]
fn under_overload_the_last_come_first_while_many_wait() {
    let wait = |order| {
        let mut plan = server(150.0);
        plan.services[0].queue.discipline.order = order;
        run(plan).loads[0].measured.ok.quantile(0.5).unwrap()
    };
    assert!(wait(Order::Fifo) > 600e6);
    assert!(wait(Order::Adaptive { above: 3 }) < 30e6);
}

#[test]
fn importance_decides_who_is_refused() {
    let config = DagorConfig { window: Duration::from_millis(200), ..DagorConfig::default() };
    let mut plan = guarded(server(60.0), vec![LayerPlan::new(config)]);
    plan.duration = ms(40_000);
    plan.warmup = ms(20_000);
    plan.loads[0].until = plan.duration;
    let mut other = load(Arrivals::Constant(90.0), plan.duration);
    other.name = "others".into();
    other.priority = 1;
    plan.loads.insert(0, other);
    let measured = run(plan);
    let share = |load: usize| {
        let load = &measured.loads[load].measured;
        load.outcomes[OK] as f64 / load.counts[Count::Offered] as f64
    };
    assert!(share(1) > 0.99, "{}", share(1));
    assert!((0.3..0.55).contains(&share(0)), "{}", share(0));
}

#[test]
fn each_endpoint_has_a_compartment_of_its_own() {
    let mut plan = server(50.0);
    plan.services[0].workers = Workers::Limited(10);
    let slow = vec![Step::Compute(constant(100_000))];
    plan.services[0].endpoints.push(EndpointPlan {
        name: "slow".into(),
        safe: true,
        once: false,
        script: slow,
    });
    let mut other = load(Arrivals::Constant(50.0), plan.duration);
    other.name = "others".into();
    other.endpoint = EndpointId(1);
    plan.loads.insert(0, other);
    let each = BulkheadConfig { limit: 5, ..BulkheadConfig::default() };
    let ok = |layer| run(guarded(plan.clone(), vec![layer])).loads[1].measured.outcomes[OK];
    let config = KeyedBulkheadConfig { each, max_keys: 10 };
    assert_eq!(ok(LayerPlan::new(Keyed { config, by: KeyBy::Endpoint })), 200);
    assert_eq!(ok(LayerPlan::new(Keyed { config, by: KeyBy::Load })), 200);
    assert!(ok(LayerPlan::new(Keyed { config, by: KeyBy::Priority })) < 10);
    assert!(ok(LayerPlan::new(each)) < 10);
}

#[test]
fn a_rate_limit_on_arrival_lets_so_many_through() {
    let algorithm = Algorithm::TokenBucket { rate: Rate::per_second(50), burst: 1 };
    let limit = RateLimitConfig::new(algorithm);
    let measured = run(guarded(server(80.0), vec![LayerPlan::new(limit)]));
    let outcomes = measured.loads[0].measured.outcomes;
    // A token every 20 ms, a request every 12.5 ms: two of three pass too late to use all.
    assert!((160..=201).contains(&outcomes[OK]), "{}", outcomes[OK]);
    assert_eq!(outcomes[OK] + outcomes[REJECTED], 320);
}
