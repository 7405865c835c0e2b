//! What becomes of requests that nobody waits for any more.

use std::time::Duration;

use cascadia_models::measure::ServiceCounters;
use cascadia_models::plan::*;
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::shed::QueueConfig;
use cascadia_patterns::timeout::TimeoutConfig;

use crate::world::plans::{constant, ms, plan, run, service};

fn timeout(millis: u64) -> LayerPlan {
    LayerPlan::new(TimeoutConfig { after: Duration::from_millis(millis) })
}

/// A hundred requests within a second for one worker of 100 ms, behind `inbound`. Their callers
/// wait 550 ms.
fn counters(on_cancel: OnCancel, inbound: Option<Vec<LayerPlan>>) -> ServiceCounters {
    let mut server = service("server", 1, vec![Step::Compute(constant(100))]);
    server.on_cancel = on_cancel;
    server.inbound = inbound.is_some().then_some(StackId(1));
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(20_000));
    plan.loads[0].until = ms(1_000);
    plan.stacks = vec![
        StackPlan { name: "user".into(), layers: vec![timeout(550)] },
        StackPlan { name: "guard".into(), layers: inbound.unwrap_or_default() },
    ];
    plan.loads[0].policy = Some(StackId(0));
    run(plan).services[0].measured
}

/// Lines before the queue of the worker, each of which lets in one at a time.
fn lines() -> Vec<Vec<LayerPlan>> {
    let (limit, max_wait) = (1, Duration::MAX);
    let bulkhead = BulkheadConfig { limit, max_wait, max_waiting: None };
    let keyed = KeyedBulkheadConfig { each: bulkhead, max_keys: 10 };
    let pool = PoolConfig { core: 1, max: 1, queue: u32::MAX, ..PoolConfig::default() };
    let shed = QueueConfig { limit, ..QueueConfig::default() };
    let one = vec![
        LayerPlan::new(bulkhead),
        LayerPlan::new(Keyed { config: keyed, by: KeyBy::Load }),
        LayerPlan::new(pool),
        LayerPlan::new(shed),
    ];
    let mut lines: Vec<_> = one.into_iter().map(|layer| vec![layer]).collect();
    lines.push(vec![]);
    lines.push(vec![LayerPlan::new(bulkhead), LayerPlan::new(pool)]);
    lines
}

#[test]
fn what_waits_is_dropped_wherever_it_waits() {
    for (on_cancel, completions) in [(OnCancel::SkipQueued, 14..=16), (OnCancel::Stop, 5..=7)] {
        let control = counters(on_cancel, None);
        assert!(completions.contains(&control.completions), "{control:?}");
        for line in lines() {
            let counters = counters(on_cancel, Some(line.clone()));
            let done = |of: &ServiceCounters| (of.completions, of.served, of.wasted);
            assert_eq!(done(&counters), done(&control), "{on_cancel:?} {line:?}");
        }
    }
}

#[test]
fn what_has_begun_is_finished() {
    for line in lines() {
        let counters = counters(OnCancel::SkipQueued, Some(line.clone()));
        let finished = (counters.started, counters.served);
        assert_eq!(finished, (counters.completions, u128::from(counters.started) * 100_000_000));
        assert!(counters.wasted > 0, "{line:?}: {counters:?}");
    }
}

#[test]
fn what_waits_is_worked_off_where_cancels_are_ignored() {
    for line in lines() {
        assert_eq!(counters(OnCancel::Ignore, Some(line)).completions, 100);
    }
}

#[test]
fn who_is_down_learns_of_no_cancellation() {
    let events = |on_cancel| {
        let mut server = service("server", 1, vec![Step::Compute(constant(100))]);
        server.on_cancel = on_cancel;
        let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(2_000));
        plan.loads[0].until = ms(1_000);
        plan.stacks = vec![StackPlan { name: "user".into(), layers: vec![timeout(550)] }];
        plan.loads[0].policy = Some(StackId(0));
        let candidates = vec![Instance { service: ServiceId(0), replica: 0 }];
        let effect = Effect::on(Target { candidates, pick: Pick::All }, |hit| hit.stop());
        plan.faults = vec![FaultPlan { name: "down".into(), start: ms(0), end: ms(2_000), effect }];
        run(plan).digest.events()
    };
    assert_eq!(events(OnCancel::Stop), events(OnCancel::Ignore));
}
