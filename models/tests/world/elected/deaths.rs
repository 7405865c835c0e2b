use super::*;

/// A machine takes what it was asked for along: nobody tells. Those who are sent to it before another
/// is elected hang.
#[test]
fn when_the_leader_dies_another_is_elected_and_nothing_is_lost() {
    let mut plan = world(vec![write(), read()], 3);
    let leader = leader(&plan);
    plan.faults = vec![fault((4_000, 8_000), &[leader], |hit| hit.stop())];
    let measured = run(plan.clone());
    let [ok, failed, hang] = ended(&measured);
    assert_eq!((ok + hang, failed), (SENT, 0));
    // The shortest and the longest election timeout, and votes that split a few times.
    assert!((14..100).contains(&hang), "{hang}");
    assert_eq!(counts(&measured).elections, 2, "who comes back follows");

    plan.faults = vec![fault((4_000, 8_000), &[leader], |hit| hit.die())];
    let measured = run(plan);
    let [ok, refused, hang] = ended(&measured);
    assert_eq!((ok + refused, hang), (SENT, 0));
    assert!((14..100).contains(&refused), "{refused}");
}

#[test]
fn a_follower_is_not_missed() {
    let mut plan = world(vec![write(), read()], 3);
    let others = others(leader(&plan), 3);
    plan.faults = vec![fault((4_000, 8_000), &others[..1], |hit| hit.stop())];
    let measured = run(plan);
    assert_eq!(ended(&measured), [SENT, 0, 0]);
    assert_eq!(counts(&measured).elections, 1);
}

/// Neither writes nor reads are answered: a leader that cannot ask a majority may be one no more.
#[test]
fn a_minority_answers_nobody_and_goes_on_when_it_is_none_any_more() {
    for script in [vec![write()], vec![read()]] {
        let mut plan = world(script, 3);
        let others = others(leader(&plan), 3);
        plan.faults = vec![fault((4_000, 8_000), &others, |hit| hit.stop())];
        let measured = run(plan);
        let [ok, failed, hang] = ended(&measured);
        assert_eq!((ok + failed, hang), (SENT, 0), "whoever steps down says so");
        assert!((400..450).contains(&failed), "{failed}");
    }
}

#[test]
fn an_even_number_of_replicas_outlives_less_than_half_of_them() {
    for (replicas, dead, lives) in [(4, 1, true), (4, 2, false), (2, 1, false), (1, 0, true)] {
        let mut plan = world(vec![write()], replicas);
        let others = others(leader(&plan), replicas);
        plan.faults = vec![fault((4_000, 12_000), &others[..dead], |hit| hit.stop())];
        let measured = run(plan);
        let [ok, ..] = ended(&measured);
        assert_eq!(ok == SENT, lives, "{ok} with {dead} of {replicas} dead");
    }
}

/// What was acknowledged in the first seconds is read in the last, from disks that lost what was not
/// synced.
#[test]
fn all_die_at_once_and_come_back_with_what_they_have_acknowledged() {
    for seed in 0..10 {
        let mut plan = world(vec![write(), read()], 3);
        plan.seed = seed;
        plan.faults = vec![fault((4_000, 6_000), &[0, 1, 2], |hit| hit.stop())];
        let measured = run(plan);
        let [ok, failed, hang] = ended(&measured);
        assert_eq!(ok + failed + hang, SENT);
        assert!(failed + hang < 270 && counts(&measured).elections >= 2, "{failed} {hang}");
        let StoreCounts { reads, writes, stale, .. } = counts(&measured);
        assert!(reads <= writes && reads >= ok && stale == 0, "{reads} {writes} {ok}");
    }
}

/// The row was written once before all died: whoever compares it as if it were not there conflicts.
#[test]
fn a_row_is_there_after_all_have_died() {
    let script = vec![access(Act::Compare, RowOf::named("first"), None)];
    let mut plan = world(script, 3);
    plan.faults = vec![fault((4_000, 6_000), &[0, 1, 2], |hit| hit.die())];
    let measured = run(plan);
    let StoreCounts { writes, conflicts, .. } = counts(&measured);
    assert!(writes == 1 && conflicts > 700, "{writes} {conflicts}");
}
