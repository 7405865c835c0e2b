//! Stores: what was acknowledged is there, as far as is promised.

use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::measure::{Cause, Ended, Measured, StoreCounts};
use cascadia_models::plan::*;

use crate::world::plans::{constant, exponential, ms, plan, run, service};

const DB: ServiceId = ServiceId(1);

fn store(keeping: Keeping, replicas: u32) -> ServicePlan {
    let access = Access { before: exponential(2), after: constant(1) };
    let store = StorePlan { keeping, read: access.clone(), write: access, ..StorePlan::rows() };
    let mut plan = service("db", 1, Vec::new());
    plan.endpoints = store.endpoints();
    (plan.replicas, plan.workers, plan.store) = (replicas, Workers::Unlimited, Some(store));
    plan
}

fn access(act: Act, row: RowOf) -> Step {
    let endpoint = Act::ALL.iter().position(|known| *known == act).unwrap();
    let asked = Asked { act, row, inside: None, once: None };
    Step::Access { store: DB, endpoint: EndpointId(endpoint as u32), policy: None, asked }
}

/// A quorum has no endpoint to compare at.
fn shared(act: Act) -> Step {
    let endpoint = EndpointId(u32::from(act == Act::Write));
    let asked = Asked { act, row: RowOf::Request, inside: None, once: None };
    Step::Access { store: DB, endpoint, policy: None, asked }
}

/// A thousand requests in a second for a script before a store.
fn world(script: Vec<Step>, store: ServicePlan) -> Plan {
    let services = vec![service("app", 10_000, script), store];
    let mut plan = plan(services, Arrivals::Constant(1_000.0), ms(10_000));
    plan.loads[0].until = ms(1_000);
    plan
}

fn counts(measured: &Measured) -> StoreCounts {
    measured.services[1].measured.store
}

fn crash(replica: u32, from: u64, to: u64) -> FaultPlan {
    let candidates = vec![Instance { service: DB, replica }];
    let effect = Effect::on(Target { candidates, pick: Pick::All }, |hit| hit.stop());
    FaultPlan { name: "crash".into(), start: ms(from), end: ms(to), effect }
}

#[test]
fn who_writes_a_row_of_its_own_reads_what_it_wrote_and_conflicts_with_nobody() {
    let script = vec![
        access(Act::Compare, RowOf::Request),
        access(Act::Read, RowOf::Request),
        access(Act::Compare, RowOf::Request),
    ];
    let measured = run(world(script, store(Keeping::Rows, 1)));
    let expected = StoreCounts { reads: 1_000, writes: 2_000, ..StoreCounts::default() };
    assert_eq!(counts(&measured), expected);
    assert_eq!(measured.loads[0].measured.outcomes[Ended::Ok.index()], 1_000);
}

/// Of all who have read the same version of one row, one writes.
#[test]
fn of_those_who_compare_one_row_each_version_is_followed_by_one_other() {
    let row = RowOf::named("counter");
    let script = vec![access(Act::Read, row), access(Act::Compare, row)];
    let measured = run(world(script, store(Keeping::Rows, 1)));
    let StoreCounts { writes, conflicts, reads, .. } = counts(&measured);
    assert_eq!((reads, writes + conflicts), (1_000, 1_000));
    assert!(conflicts > 500, "{conflicts}");
    let outcomes = measured.loads[0].measured.outcomes;
    assert_eq!(outcomes[Ended::Ok.index()], writes, "who conflicts has failed");
}

/// A row that nobody has read is not there for who compares it.
#[test]
fn a_row_is_there_after_a_crash_of_who_keeps_it() {
    let row = RowOf::named("first");
    let script = vec![access(Act::Compare, row)];
    let mut plan = world(script, store(Keeping::Rows, 1));
    plan.faults.push(crash(0, 300, 600));
    let measured = run(plan);
    assert_eq!(counts(&measured).writes, 1, "it was written once, and never anew");
}

#[test]
fn quorums_that_meet_miss_nothing_and_those_that_do_not_do() {
    for (read, write, replicas) in [(1, 1, 1), (2, 2, 3), (1, 3, 3), (3, 1, 3), (3, 3, 5)] {
        let script = vec![shared(Act::Write), shared(Act::Read)];
        let measured = run(world(script, store(Keeping::Quorum { read, write }, replicas)));
        let StoreCounts { reads, writes, stale, .. } = counts(&measured);
        assert_eq!((reads, writes, stale), (1_000, 1_000, 0), "{read} and {write} of {replicas}");
    }
    let script = vec![shared(Act::Write), shared(Act::Read)];
    let apart = run(world(script, store(Keeping::Quorum { read: 1, write: 1 }, 3)));
    assert!(counts(&apart).stale > 100);
}

/// A quorum goes on as long as enough are up, and answers nobody else.
#[test]
fn a_quorum_answers_while_enough_are_up() {
    let quorum = || store(Keeping::Quorum { read: 2, write: 2 }, 3);
    let mut one = world(vec![shared(Act::Write)], quorum());
    one.faults.push(crash(0, 0, 10_000));
    let one = run(one);
    let mut two = world(vec![shared(Act::Write)], quorum());
    two.faults.extend([crash(0, 0, 10_000), crash(1, 0, 10_000)]);
    two.faults[1].name = "other".into();
    let two = run(two);
    // Whoever is sent to one that is down waits for ever.
    assert!((600..=700).contains(&counts(&one).writes), "{:?}", counts(&one));
    assert_eq!(counts(&two).writes, 0);
}

fn replicated(synchronous: u32, lag: Law, replicas: u32) -> ServicePlan {
    let failover = Duration::from_millis(500);
    store(Keeping::Replicated { failover, lag, synchronous }, replicas)
}

/// With a lag that is always the same, what was written within the lag before the crash is lost.
#[test]
fn a_failover_loses_what_was_under_way_and_nothing_that_was_waited_for() {
    for (synchronous, lag, lost) in [(0, 100, 95..=105), (0, 0, 0..=0), (1, 100, 0..=0)] {
        let script = vec![access(Act::Write, RowOf::Request)];
        let mut plan = world(script, replicated(synchronous, constant(lag), 2));
        plan.faults.push(crash(0, 400, 9_000));
        let measured = run(plan);
        let StoreCounts { lost: found, .. } = counts(&measured);
        assert!(lost.contains(&found), "{found} lost with {synchronous} of lag {lag}");
    }
}

/// From the failover on the other one answers, and who was up before is not called any more.
#[test]
fn another_one_leads_after_the_failover() {
    let script = vec![access(Act::Write, RowOf::Request)];
    let mut plan = world(script, replicated(0, constant(1), 2));
    plan.faults.push(crash(0, 200, 400));
    let early = run(plan.clone());
    assert!((750..=850).contains(&counts(&early).writes), "it came back in time");
    plan.faults[0].end = ms(9_000);
    let measured = run(plan);
    let arrivals = |replica: usize| measured.services[1].replicas[replica].arrivals;
    assert!((190..=205).contains(&arrivals(0)) && (290..=305).contains(&arrivals(1)));
}

/// A transaction of so much work after a row of its own choice is written.
fn transaction(inside: Vec<Inside>) -> Step {
    let asked =
        Asked { act: Act::Transact, row: RowOf::Request, inside: Some(inside.into()), once: None };
    Step::Access { store: DB, endpoint: EndpointId(2), policy: None, asked }
}

/// Whoever writes one row keeps all others from it for as long as its transaction goes on.
#[test]
fn a_row_is_written_by_one_transaction_at_a_time() {
    let row = RowOf::named("hot");
    let instant = Access { before: constant(0), after: constant(0) };
    let mut db = store(Keeping::Rows, 1);
    let plan = StorePlan {
        keeping: Keeping::Rows,
        read: instant.clone(),
        write: instant,
        ..StorePlan::rows()
    };
    (db.endpoints, db.store) = (plan.endpoints(), Some(plan));
    for (work, expected) in [
        (vec![Inside::Work(constant(4)), Inside::Write(row)], 1_000),
        (vec![Inside::Write(row), Inside::Work(constant(4))], 10_000 / 4),
    ] {
        // They come once a millisecond, and no more than one in four is done meanwhile.
        let mut world = world(vec![transaction(work)], db.clone());
        world.loads[0].until = ms(10_000);
        world.duration = ms(1_000 + 9_000 * u64::from(expected > 1_000));
        let measured = run(world);
        let writes = counts(&measured).writes;
        assert!(writes.abs_diff(expected) <= 6, "{writes} and not {expected}");
    }
}

/// Two that take two rows in opposite orders would wait for each other for ever.
#[test]
fn of_transactions_that_would_wait_in_a_circle_one_fails_and_all_others_end() {
    let rows = ["a", "b"].map(RowOf::named);
    let both = |first: usize| {
        let work = || Inside::Work(exponential(1));
        let writes = [rows[first], rows[1 - first]].map(Inside::Write);
        let [one, other] = writes;
        transaction(vec![one, work(), other, work()])
    };
    let script = vec![Step::chance(0.5, vec![both(0)], vec![both(1)])];
    let mut plan = world(script, store(Keeping::Rows, 1));
    plan.loads[0].arrivals = Arrivals::Poisson(100.0);
    let measured = run(plan);
    let StoreCounts { writes, conflicts, .. } = counts(&measured);
    let [ok, failed] = [Ended::Ok, Ended::Failed(Cause::Failed)]
        .map(|ended| measured.loads[0].measured.outcomes[ended.index()]);
    assert!(conflicts > 0 && failed == conflicts && writes == 2 * ok, "{conflicts} {failed} {ok}");
    let unfinished = measured.loads[0].measured.outcomes[Ended::Unfinished.index()];
    assert_eq!(unfinished, 0);
}
