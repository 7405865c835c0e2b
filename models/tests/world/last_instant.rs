//! What happens at the boundary of two windows, and at the very end.

use std::ops::ControlFlow;
use std::time::Duration;

use cascadia_models::measure::{Count, Happened, Measured, ProbeMeasured};
use cascadia_models::plan::*;
use cascadia_models::run::simulate;
use cascadia_patterns::timeout::TimeoutConfig;
use cascadia_runtime::Time;
use proptest::prelude::*;

use crate::world::plans::{constant, ms, plan, run, service};

const LOAD: Subject = Subject::Load(LoadId(0));
const SERVICE: Subject = Subject::Service(ServiceId(0));
const LAYER: Subject = Subject::Layer(LayerId { stack: StackId(0), layer: 0 });

/// What happened: requests sent, ended in any way, arrived, refused, worked off, given up.
type Counts = [u64; 6];

/// A world in which everything happens at whole multiples of `grid` milliseconds: requests are
/// sent every `gap` of them and worked on for `work`, and their callers wait for `patience`.
fn on_a_grid(grid: u64, gap: u64, work: u64, patience: u64, duration: u64) -> Plan {
    let mut server = service("server", 2, vec![Step::Compute(constant(grid * work))]);
    server.queue.capacity = Some(1);
    let rate = 1_000.0 / (grid * gap) as f64;
    let mut plan = plan(vec![server], Arrivals::Constant(rate), ms(grid * duration));
    let after = Duration::from_millis(grid * patience);
    let layers = vec![LayerPlan::new(TimeoutConfig { after })];
    plan.stacks = vec![StackPlan { name: "p".into(), layers }];
    plan.loads[0].policy = Some(StackId(0));
    plan
}

/// Probes of everything in each of the windows between `edges`.
fn probes(edges: &[Time]) -> Vec<Probe> {
    let windows = edges.iter().zip(&edges[1..]);
    let probe = |(from, until): (&Time, &Time)| {
        let depth = Depth::Events;
        [LOAD, SERVICE, LAYER].map(|subject| Probe { subject, from: *from, until: *until, depth })
    };
    windows.flat_map(probe).collect()
}

fn of_probes(probes: &[ProbeMeasured]) -> Counts {
    let mut counts = [0; 6];
    for probe in probes {
        match probe {
            ProbeMeasured::Load { happened, .. } => {
                counts[0] += happened.counts[Count::Offered];
                counts[1] += happened.outcomes[..5].iter().sum::<u64>();
            }
            ProbeMeasured::Service(server) => {
                counts[2] += server.arrivals;
                counts[3] += server.rejected;
                counts[4] += server.completions;
            }
            ProbeMeasured::Layer(layer) => counts[5] += layer.timed_out,
            ProbeMeasured::Component(_) | ProbeMeasured::Replicas(_) => {
                unreachable!("there are none")
            }
        }
    }
    counts
}

fn of_series(measured: &Measured) -> Counts {
    let (load, server) = (&measured.loads[0].series, &measured.services[0].series);
    let given_up = measured.policies.values().flat_map(|layer| &layer.happened);
    let given_up = given_up.filter(|often| often.what == Happened::TimedOut);
    [
        load.iter().map(|window| window.counts[Count::Offered]).sum(),
        load.iter().map(|window| window.outcomes[..5].iter().sum::<u64>()).sum(),
        server.iter().map(|window| window.arrivals).sum(),
        server.iter().map(|window| window.rejected).sum(),
        server.iter().map(|window| window.completions).sum(),
        given_up.flat_map(|often| &often.series).sum(),
    ]
}

fn of_totals(measured: &Measured) -> Counts {
    let (load, server) = (&measured.loads[0].measured, &measured.services[0].measured);
    let timed_out = measured.policies.values().flat_map(|layer| &layer.happened);
    let timed_out = timed_out.filter(|often| often.what == Happened::TimedOut);
    [
        load.counts[Count::Offered],
        load.outcomes[..5].iter().sum(),
        server.arrivals,
        server.rejected,
        server.completions,
        timed_out.map(|often| often.total).sum(),
    ]
}

/// Everything that was counted says the same of the whole run.
fn agree(measured: &Measured) {
    let totals = of_totals(measured);
    assert_eq!(of_series(measured), totals);
    let [_, _, arrivals, _, completions, timed_out] = totals;
    let replicas = &measured.services[0].replicas;
    assert_eq!(replicas.iter().map(|replica| replica.arrivals).sum::<u64>(), arrivals);
    assert_eq!(replicas.iter().map(|replica| replica.completions).sum::<u64>(), completions);
    let load = &measured.loads[0];
    assert_eq!(load.measured.outcomes[2], timed_out, "each that is given up ends so");
    let answered = load.latency.iter().any(|window| window[4].is_some());
    assert_eq!(answered, load.measured.outcomes[0] > 0);
}

#[test]
fn what_comes_at_the_very_end_is_counted_by_everybody() {
    for (grid, gap, work, patience, duration) in
        [(1_000, 1, 1, 1, 3), (5, 1, 1, 2, 200), (10, 1, 3, 2, 100), (1, 1, 5, 4, 1_000)]
    {
        let mut plan = on_a_grid(grid, gap, work, patience, duration);
        plan.probes = probes(&[ms(0), plan.duration]);
        let measured = run(plan);
        agree(&measured);
        assert_eq!(of_probes(&measured.probes), of_totals(&measured));
        let last = measured.services[0].series.last().unwrap();
        assert!(last.completions > 0, "something is worked off at the end");
    }
}

/// Of a load that would go on, too, which sends its last request then.
#[test]
fn what_is_sent_at_the_very_end_belongs_to_the_window_before_it() {
    for from in [0, 500, 990] {
        let mut plan = on_a_grid(10, 1, 1, 2, 100);
        plan.loads[0].until = Time::MAX;
        let depth = Depth::Requests { below: Some(Duration::MAX) };
        plan.probes = vec![Probe { subject: LOAD, from: ms(from), until: plan.duration, depth }];
        let ProbeMeasured::Load { sent, happened } = &run(plan).probes[0] else {
            panic!("a load is probed");
        };
        assert_eq!(
            (sent.counts[Count::Offered], happened.counts[Count::Offered]),
            (101 - from / 10, 101 - from / 10)
        );
    }
}

#[test]
fn what_comes_at_a_boundary_is_counted_after_it() {
    let mut plan = on_a_grid(100, 1, 1, 1, 10);
    plan.probes = probes(&[ms(0), ms(100), ms(500), ms(900), ms(1_000)]);
    let measured = run(plan);
    let counts: Vec<Counts> = measured.probes.chunks(3).map(of_probes).collect();
    let expected = [[1, 0, 1, 0, 0, 0], [4, 4, 4, 0, 4, 0], [4, 4, 4, 0, 4, 0], [1, 2, 1, 0, 2, 0]];
    assert_eq!(counts, expected);
}

#[test]
fn an_interrupted_run_ends_where_it_is() {
    let plan = on_a_grid(1, 1, 1, 2, 100_000);
    for looks in 1..20 {
        let mut left = looks;
        let mut watch = |_| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let measured = simulate(plan.clone(), &mut watch).unwrap();
        assert!(measured.interrupted);
        assert_eq!(of_series(&measured), of_totals(&measured));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_happening_is_in_one_window(
        (gap, work, patience) in (1..4_u64, 1..6_u64, 1..6_u64),
        duration in 2..40_u64,
        cuts in prop::collection::btree_set(1..40_u64, 0..6),
    ) {
        let mut plan = on_a_grid(10, gap, work, patience, duration);
        let inner = cuts.into_iter().filter(|cut| *cut < duration);
        let edges: Vec<_> = [0].into_iter().chain(inner).chain([duration]).map(|cut| ms(10 * cut)).collect();
        plan.probes = probes(&edges);
        let measured = run(plan);
        agree(&measured);
        prop_assert_eq!(of_probes(&measured.probes), of_totals(&measured));
    }
}
