use cascadia_models::measure::Count;
use cascadia_patterns::retry::{Backoff, RetryConfig};

use super::*;

#[test]
fn of_those_who_compare_one_row_each_version_is_followed_by_one_other() {
    let row = RowOf::named("counter");
    let script = vec![access(Act::Read, row, None), access(Act::Compare, row, None)];
    let mut plan = world(script, 3);
    plan.loads[0].arrivals = Arrivals::Constant(500.0);
    let measured = run(plan);
    let StoreCounts { reads, writes, conflicts, .. } = counts(&measured);
    assert_eq!((reads, writes + conflicts), (5 * SENT, 5 * SENT));
    assert!(conflicts > 1_000 && writes > 500, "{writes} {conflicts}");
    assert_eq!(ended(&measured)[0], writes, "who conflicts has failed");
}

/// A transaction keeps the rows that it writes until a majority has it.
#[test]
fn a_row_is_written_by_one_transaction_at_a_time() {
    let row = RowOf::named("hot");
    let inside = vec![Inside::Write(row), Inside::Read(row), Inside::Work(constant(50))];
    let script = vec![access(Act::Transact, RowOf::Request, Some(inside))];
    let measured = run(world(script, 3));
    let StoreCounts { reads, writes, conflicts, .. } = counts(&measured);
    assert_eq!((reads, conflicts), (writes, 0));
    let [ok, failed, hang] = ended(&measured);
    assert!(ok == writes && failed == 0 && hang > 700, "{ok} {hang}");
    // Each takes 1 ms to write, 1 ms to read, 50 ms of work and some to be committed.
    assert!((11_000 / 62..11_000 / 53).contains(&writes), "{writes}");
}

/// Whoever tries again what may have been done does some of it twice, and it is counted.
#[test]
fn a_write_of_unknown_fate_that_is_repeated_may_be_done_twice() {
    let duplicates = |retry_unsafe: bool| {
        let mut plan = world(vec![write()], 3);
        let leader = leader(&plan);
        let backoff = Backoff::Fixed { delay: Duration::from_millis(100) };
        let retry = RetryConfig {
            attempts: 9,
            backoff,
            retry_unsafe,
            budget: None,
            ..RetryConfig::default()
        };
        plan.stacks = vec![StackPlan { name: "p".into(), layers: vec![LayerPlan::new(retry)] }];
        let Step::Access { policy, .. } = &mut plan.services[0].endpoints[0].script[0] else {
            unreachable!()
        };
        *policy = Some(StackId(0));
        // What the others have answered is lost, and what they have is elected.
        let (from, to) = (side(&others(leader, 3)), side(&[leader]));
        plan.faults = vec![messages((4_000, 8_000), move |message| {
            if message.passes(&from, &to) { Fate::Lost } else { Fate::Untouched }
        })];
        let measured = run(plan);
        let [ok, failed, hang] = ended(&measured);
        assert_eq!((ok + failed, hang), (SENT, 0));
        assert_eq!(failed == 0, retry_unsafe, "{failed} of unknown fate");
        measured.loads[0].measured.counts[Count::Duplicates]
    };
    assert_eq!(duplicates(false), 0);
    assert!(duplicates(true) > 5);
}
