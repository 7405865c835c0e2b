//! Many worlds in which replicas die and are cut off at random.

use cascadia_models::measure::ProbeMeasured;
use cascadia_runtime::Stream;

use super::*;

/// So many in the gate, and in the full tests.
const WORLDS: [u64; 2] = [100, 2_000];

/// Until when things go wrong, in milliseconds; the store has a second more to be well again.
const TROUBLED: u64 = 6_000;

fn trouble(draws: &mut Stream, replicas: u32) -> FaultPlan {
    let from = draws.below(TROUBLED - 100);
    let during = (from, (from + 1 + draws.below(1_500)).min(TROUBLED));
    let some: Vec<u32> = (0..replicas).filter(|_| draws.unit() < 0.4).collect();
    let rest: Vec<u32> = (0..replicas).filter(|replica| !some.contains(replica)).collect();
    match draws.below(7) {
        0 | 1 => fault(during, &some, |hit| hit.stop()),
        2 => fault(during, &some, |hit| hit.die()),
        3 => cut(during, side(&some), side(&rest)),
        4 => cut(during, side(&some), Side::everybody()),
        5 => {
            let (from, to, lost) = (side(&some), side(&rest), draws.unit());
            messages(during, move |message| {
                let meets = message.passes(&from, &to) && message.drawn(lost);
                if meets { Fate::Lost } else { Fate::Untouched }
            })
        }
        _ => fault(during, &some, |hit| hit.trouble(Trouble::Slow(30.0))),
    }
}

fn troubled(seed: u64) -> Plan {
    let draws = &mut Stream::from_seed(seed);
    let replicas = 1 + draws.below(5) as u32;
    let rows = ["a", "b", "c"].map(RowOf::named);
    let inside = vec![Inside::Read(rows[0]), Inside::Write(rows[1]), Inside::Write(rows[2])];
    let scripts = [
        vec![write(), read()],
        vec![access(Act::Read, rows[0], None), access(Act::Compare, rows[0], None)],
        vec![access(Act::Transact, RowOf::Request, Some(inside)), access(Act::Read, rows[1], None)],
        vec![access(Act::Write, rows[2], None), access(Act::Read, rows[2], None)],
    ];
    let way = |steps: Vec<Step>| Way { weight: 1.0, steps };
    let script = vec![Step::Choose { ways: scripts.map(way).into(), by: By::Request }];
    let mut plan = world(script, replicas);
    (plan.seed, plan.duration) = (seed, ms(8_000));
    plan.loads[0].until = ms(8_000);
    let faults = 1 + draws.below(12);
    plan.faults = (0..faults).map(|_| trouble(draws, replicas)).collect();
    plan
}

#[test]
fn every_world_keeps_the_laws_and_is_well_again_afterwards() {
    let worlds = WORLDS[usize::from(std::env::var_os("CASCADIA_FULL").is_some())];
    let (mut elections, mut failed) = (0, 0);
    for seed in 0..worlds {
        let mut plan = troubled(seed);
        plan.probes = vec![Probe {
            subject: Subject::Service(DB),
            from: ms(TROUBLED + 1_000),
            until: ms(8_000),
            depth: Depth::Events,
        }];
        let measured = run(plan);
        elections += counts(&measured).elections;
        failed += ended(&measured)[1];
        let ProbeMeasured::Service(late) = &measured.probes[0] else { unreachable!() };
        let StoreCounts { reads, writes, .. } = late.store;
        assert!(reads > 50 && writes > 50, "seed {seed}: {reads} reads and {writes} writes");
    }
    assert!(elections > 2 * worlds && failed > 10 * worlds, "{elections} {failed}");
}
