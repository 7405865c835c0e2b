use super::*;

/// A leader may send before its own disk has an entry, and a majority needs only one other.
#[test]
fn one_slow_disk_is_not_waited_for_and_two_are() {
    let p50 = |slow: &[u32]| {
        let mut plan = world(vec![write()], 3);
        plan.faults = vec![fault((0, 12_000), slow, |hit| hit.trouble(Trouble::Slow(20.0)))];
        let measured = run(plan);
        measured.loads[0].measured.ok.quantile(0.5).unwrap() / 1e6
    };
    let leader = leader(&world(vec![write()], 3));
    let others = others(leader, 3);
    let (calm, one) = (p50(&[]), p50(&[leader]));
    assert!(one < 2.0 * calm, "{one} and {calm}");
    let two = p50(&others);
    assert!(two > 30.0, "{two}");
}

/// What cannot be written any more ends the part of a replica until its process begins again.
#[test]
fn a_leader_whose_disk_is_full_gives_way() {
    let mut plan = world(vec![write()], 3);
    let leader = leader(&plan);
    plan.faults = vec![
        fault((4_000, 6_000), &[leader], |hit| hit.trouble(Trouble::Full)),
        fault((7_000, 7_100), &[leader], |hit| hit.die()),
        fault((8_000, 12_000), &others(leader, 3)[..1], |hit| hit.stop()),
    ];
    let measured = run(plan);
    let [ok, failed, hang] = ended(&measured);
    assert!(counts(&measured).elections >= 2, "another leads");
    assert!(ok > 880, "{ok} {failed} {hang}");
}
