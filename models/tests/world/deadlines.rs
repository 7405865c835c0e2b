//! Deadlines where a worker takes a request up.

use std::time::Duration;

use cascadia_models::measure::{Happened, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::bulkhead::{BulkheadConfig, PoolConfig};
use cascadia_patterns::call::Reason;
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::shed::QueueConfig;
use cascadia_patterns::timeout::TimeoutConfig;

use crate::world::plans::{constant, ms, plan, run, service};

const TIMEOUT: u64 = 300;
const WORK: u64 = 10;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn deadline(min_remaining: u64, hop_margin: u64) -> LayerPlan {
    let config =
        DeadlineConfig { min_remaining: millis(min_remaining), hop_margin: millis(hop_margin) };
    LayerPlan::new(config)
}

/// Users wait 300 ms for a server that is asked for twice what it can do, behind `layers`.
fn overloaded(layers: Vec<LayerPlan>) -> Measured {
    let mut server = service("server", 1, vec![Step::Compute(constant(WORK))]);
    server.inbound = Some(StackId(1));
    let mut plan = plan(vec![server], Arrivals::Constant(200.0), ms(10_000));
    let patience = LayerPlan::new(TimeoutConfig { after: millis(TIMEOUT) });
    plan.stacks = vec![
        StackPlan { name: "user".into(), layers: vec![patience] },
        StackPlan { name: "guard".into(), layers },
    ];
    plan.loads[0].policy = Some(StackId(0));
    run(plan)
}

/// What the deadline layers say that they refused.
fn refused(measured: &Measured) -> Vec<u64> {
    let layers = measured.policies.iter().filter(|(name, _)| name.contains("deadline"));
    let expired = |layer: &cascadia_models::measure::LayerMeasured| {
        let happened = layer.happened.iter();
        let expired = happened.filter(|often| often.what == Happened::Rejected(Reason::EXPIRED));
        expired.map(|often| often.total).sum()
    };
    layers.map(|(_, layer)| expired(layer)).collect()
}

/// Where requests can wait behind the layer: in the queue of the worker, and in each kind of line
/// before it.
fn lines() -> Vec<Vec<LayerPlan>> {
    let (limit, max_wait) = (1, Duration::MAX);
    let bulkhead = BulkheadConfig { limit, max_wait, max_waiting: None };
    let pool = PoolConfig { core: 1, max: 1, queue: u32::MAX, ..PoolConfig::default() };
    vec![
        vec![],
        vec![LayerPlan::new(bulkhead)],
        vec![LayerPlan::new(pool)],
        vec![LayerPlan::new(QueueConfig { limit, ..QueueConfig::default() })],
    ]
}

#[test]
fn a_refusal_of_what_waited_too_long_is_counted_where_it_is_made_by_its_settings() {
    for line in lines() {
        for (min_remaining, hop_margin) in [(0, 0), (100, 0), (0, 50), (100, 50), (20, 50)] {
            let measured =
                overloaded([vec![deadline(min_remaining, hop_margin)], line.clone()].concat());
            let case = format!("{min_remaining} {hop_margin} {line:?}");
            let server = &measured.services[0].measured;
            assert!(server.rejected > 800, "{case}: {server:?}");
            assert_eq!(refused(&measured), [server.rejected], "{case}");
            // What is begun had as much left as it must have, and what had as much was begun.
            let longest = measured.loads[0].measured.ok.max().unwrap() / 1_000_000 - WORK;
            let most = TIMEOUT - min_remaining.max(hop_margin).max(WORK);
            assert!((most - WORK..=most).contains(&longest), "{case}: {longest} of {most} ms");
        }
    }
}

#[test]
fn of_several_layers_each_refuses_by_its_own_settings() {
    for (outer, inner, least) in [
        ((100, 0), (0, 0), 100),
        ((0, 0), (100, 0), 100),
        ((0, 50), (100, 0), 150),
        ((100, 50), (20, 30), 100),
    ] {
        let layers =
            [outer, inner].map(|(min_remaining, hop_margin)| deadline(min_remaining, hop_margin));
        let measured = overloaded(layers.to_vec());
        let server = &measured.services[0].measured;
        assert_eq!(refused(&measured).iter().sum::<u64>(), server.rejected);
        let longest = measured.loads[0].measured.ok.max().unwrap() / 1_000_000 - WORK;
        let most = TIMEOUT - least;
        assert!((most - WORK..=most).contains(&longest), "{longest} of {most} ms");
    }
}

#[test]
fn nobody_is_refused_for_a_margin_that_is_there() {
    let mut server = service("server", 4, vec![Step::Compute(constant(WORK))]);
    server.inbound = Some(StackId(1));
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(1_000));
    let patience = LayerPlan::new(TimeoutConfig { after: millis(100) });
    plan.stacks = vec![
        StackPlan { name: "user".into(), layers: vec![patience] },
        StackPlan { name: "guard".into(), layers: vec![deadline(80, 60), deadline(40, 20)] },
    ];
    plan.loads[0].policy = Some(StackId(0));
    let measured = run(plan);
    assert_eq!((measured.loads[0].measured.outcomes[0], refused(&measured)), (100, vec![0, 0]));
}
