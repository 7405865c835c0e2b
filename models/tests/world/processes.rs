//! What callers learn when a process dies and its machine does not.

use std::time::Duration;

use cascadia_models::measure::{Cause, Ended};
use cascadia_models::plan::*;
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::retry::{Backoff, RetryConfig};
use cascadia_runtime::Time;

use crate::world::plans::{constant, ms, plan, run, service};

const OK: usize = Ended::Ok.index();
const FAILED: usize = Ended::Failed(Cause::Failed).index();
const UNFINISHED: usize = Ended::Unfinished.index();

fn fault(start: u64, end: u64, replicas: u32, effect: fn(&dyn Hit)) -> FaultPlan {
    let hit = |replica| Instance { service: ServiceId(0), replica };
    let target = Target { candidates: (0..replicas).map(hit).collect(), pick: Pick::All };
    let effect = Effect::on(target, effect);
    FaultPlan { name: format!("from {start}"), start: ms(start), end: ms(end), effect }
}

/// A request each 10 ms for a second, to one worker of 100 ms, over a link of 3 ms.
fn busy() -> Plan {
    let server = service("server", 1, vec![Step::Compute(constant(100))]);
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(2_000));
    plan.loads[0].until = ms(1_000);
    plan.links.default = Some(Link::new(Duration::from_millis(3)));
    plan
}

/// The ways in which requests are at a replica: worked on with a task and without one, before a
/// queue and before a line of an inbound stack.
fn ways() -> Vec<Plan> {
    let mut stopped = busy();
    stopped.services[0].on_cancel = OnCancel::Stop;
    let mut guarded = busy();
    guarded.services[0].inbound = Some(StackId(0));
    let line = BulkheadConfig { limit: 1, max_wait: Duration::MAX, max_waiting: None };
    let layers = vec![LayerPlan::new(line)];
    guarded.stacks = vec![StackPlan { name: "line".into(), layers }];
    let mut both = guarded.clone();
    both.services[0].on_cancel = OnCancel::Stop;
    vec![busy(), stopped, guarded, both]
}

#[test]
fn who_waits_for_a_process_that_dies_is_told_and_who_comes_is_refused() {
    for (way, mut plan) in ways().into_iter().enumerate() {
        plan.faults = vec![fault(505, 905, 1, |hit| hit.die())];
        let measured = run(plan);
        let load = &measured.loads[0].measured;
        let ok = 5 + 9;
        assert_eq!((load.outcomes[OK], load.outcomes[FAILED]), (ok, 100 - ok), "way {way}");
        assert_eq!(load.outcomes[UNFINISHED], 0);
        assert_eq!(measured.services[0].measured.arrivals, 51 + 9, "as long as it lives");
    }
}

#[test]
fn a_reset_takes_the_way_back_and_a_refusal_both_ways() {
    let mut plan = busy();
    plan.services[0].endpoints[0].script = vec![Step::Compute(constant(10_000))];
    plan.loads[0].until = ms(15);
    plan.faults = vec![fault(505, 2_000, 1, |hit| hit.die())];
    let reset = run(plan.clone()).loads[0].measured.all().max();
    assert_eq!(reset, Some(508_000_000), "sent at 0 ms");
    (plan.loads[0].from, plan.loads[0].until) = (ms(600), ms(605));
    assert_eq!(run(plan).loads[0].measured.all().max(), Some(6_000_000));
}

#[test]
fn a_machine_that_is_down_refuses_nothing() {
    for faults in [
        vec![fault(500, 800, 1, |hit| hit.stop()), fault(400, 1_900, 1, |hit| hit.die())],
        vec![fault(400, 1_900, 1, |hit| hit.stop()), fault(500, 800, 1, |hit| hit.die())],
    ] {
        let mut plan = busy();
        (plan.loads[0].from, plan.loads[0].until) = (ms(600), ms(700));
        plan.faults = faults;
        assert_eq!(run(plan).loads[0].measured.outcomes[UNFINISHED], 10);
    }
}

#[test]
fn the_last_fault_that_ends_brings_it_back() {
    let mut plan = busy();
    plan.faults = vec![
        fault(100, 400, 1, |hit| hit.die()),
        fault(200, 600, 1, |hit| hit.stop()),
        fault(300, 500, 1, |hit| hit.die()),
    ];
    let lane = &run(plan).lanes["server/0"];
    let changes: Vec<_> = lane.changes.iter().map(|change| (change.at, change.state)).collect();
    assert_eq!(changes, [(ms(100), "down"), (ms(600), "up")]);
}

/// Requests of which one half meets a dead process first, and which may be sent twice or not.
fn elsewhere(safe: bool, dies: Time) -> [u64; 6] {
    let mut server = service("server", 100, vec![Step::Compute(constant(100))]);
    server.replicas = 2;
    server.endpoints[0].safe = safe;
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(3_000));
    (plan.loads[0].from, plan.loads[0].until) = (ms(1_000), ms(2_000));
    let retry = RetryConfig { backoff: Backoff::None, ..RetryConfig::default() };
    let layers = vec![LayerPlan::new(retry), LayerPlan::new(BalanceKind::RoundRobin)];
    plan.stacks = vec![StackPlan { name: "policy".into(), layers }];
    plan.loads[0].policy = Some(StackId(0));
    let end = 3_000;
    plan.faults = vec![fault(dies.as_nanos() / 1_000_000, end, 1, |hit| hit.die())];
    run(plan).loads[0].measured.outcomes
}

#[test]
fn what_was_refused_is_sent_elsewhere_even_where_it_must_not_be_sent_twice() {
    for safe in [true, false] {
        assert_eq!(elsewhere(safe, ms(900))[OK], 100);
    }
}

#[test]
fn what_was_reset_may_have_been_done() {
    assert_eq!(elsewhere(true, ms(1_500))[OK], 100);
    let outcomes = elsewhere(false, ms(1_500));
    assert_eq!((outcomes[OK], outcomes[FAILED]), (95, 5), "half of the last ten were there");
}
