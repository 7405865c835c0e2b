use super::*;

/// The old leader is asked until another is elected, and steps down without a majority. What it was
/// asked for then has an unknown fate, and is told so.
#[test]
fn a_leader_that_is_cut_off_acknowledges_nothing() {
    let mut plan = world(vec![write(), read()], 3);
    let leader = leader(&plan);
    plan.faults = vec![cut((4_000, 8_000), side(&[leader]), side(&others(leader, 3)))];
    let measured = run(plan);
    let [ok, failed, hang] = ended(&measured);
    assert_eq!((ok + failed, hang), (SENT, 0));
    assert!((10..60).contains(&failed), "{failed}");
    assert!(counts(&measured).elections >= 2);
}

/// Callers are on its side, and hear all the same who was elected; only they cannot get there.
#[test]
fn callers_that_are_cut_off_with_a_minority_get_nothing() {
    let mut plan = world(vec![write(), read()], 3);
    let majority = side(&others(leader(&plan), 3));
    plan.faults = vec![messages((4_000, 8_000), move |message| {
        let within = message.passes(&majority, &majority);
        let crosses = message.passes_between(&majority, &Side::everybody());
        if crosses && !within { Fate::Lost } else { Fate::Untouched }
    })];
    let measured = run(plan);
    let [ok, failed, hang] = ended(&measured);
    assert_eq!(ok + failed + hang, SENT);
    assert!((390..440).contains(&(failed + hang)), "{ok} {failed} {hang}");
}

/// As a process that is stopped for a second and goes on where it was: all that it says and hears is
/// late. It must not answer from what it knew before.
#[test]
fn a_leader_that_pauses_answers_nobody_from_the_past() {
    let mut plan = world(vec![write(), read()], 3);
    let leader = leader(&plan);
    let (paused, all) = (side(&[leader]), Side::everybody());
    plan.faults = vec![messages((4_000, 5_000), move |message| {
        match message.passes_between(&paused, &all) {
            true => Fate::Delayed { factor: 1.0, add: ms(1_000).as_nanos() },
            false => Fate::Untouched,
        }
    })];
    let measured = run(plan);
    let [ok, failed, hang] = ended(&measured);
    assert_eq!((ok + failed, hang), (SENT, 0));
    assert!(failed < 60 && counts(&measured).elections >= 2, "{failed}");
}

#[test]
fn lost_messages_cost_time_and_nothing_else() {
    let mut plan = world(vec![write(), read()], 3);
    let within = || side(&[0, 1, 2]);
    plan.faults = vec![messages((2_000, 11_000), move |message| {
        let lost = message.passes(&within(), &within()) && message.drawn(0.2);
        if lost { Fate::Lost } else { Fate::Untouched }
    })];
    let measured = run(plan);
    let [ok, failed, hang] = ended(&measured);
    assert_eq!((ok + failed, hang), (SENT, 0));
    assert!(ok > 900, "{ok}");
}
