//! What probes measure, each kind of subject on its own and all together.

use cascadia_models::measure::{Cause, Ended, Measured, ProbeMeasured};
use cascadia_models::plan::*;
use cascadia_patterns::retry::{Backoff, RetryConfig};
use cascadia_runtime::Time;

use crate::world::plans::{constant, ms, plan, run, service};

const FAILED: usize = Ended::Failed(Cause::Failed).index();
const LOAD: Subject = Subject::Load(LoadId(0));
const SERVICE: Subject = Subject::Service(ServiceId(0));
const LAYER: Subject = Subject::Layer(LayerId { stack: StackId(0), layer: 0 });

/// A hundred requests, each tried twice, as the server answers all with an error.
fn failing(probes: Vec<Probe>, warmup: Time) -> Measured {
    let server = service("server", 4, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(1_000));
    let retry = RetryConfig { attempts: 2, backoff: Backoff::None, ..RetryConfig::default() };
    plan.stacks = vec![StackPlan { name: "p".into(), layers: vec![LayerPlan::new(retry)] }];
    plan.loads[0].policy = Some(StackId(0));
    let target = Target {
        candidates: vec![Instance { service: ServiceId(0), replica: 0 }],
        pick: Pick::All,
    };
    let effect = Effect::on(target, |hit| hit.fail(1.0));
    plan.faults = vec![FaultPlan { name: "f".into(), start: ms(0), end: ms(1_000), effect }];
    (plan.probes, plan.warmup) = (probes, warmup);
    run(plan)
}

fn probe(subject: Subject, from: Time, until: Time) -> Probe {
    let depth = match subject {
        Subject::Load(_) => Depth::Requests { below: None },
        Subject::Service(_) | Subject::Component(..) | Subject::Layer(_) => Depth::Events,
    };
    Probe { subject, from, until, depth }
}

/// What a probe counted: requests that ended, arrivals or retries.
fn count(measured: &ProbeMeasured) -> u64 {
    match measured {
        ProbeMeasured::Load { sent, happened } => {
            assert_eq!(sent.outcomes, happened.outcomes);
            sent.outcomes[FAILED]
        }
        ProbeMeasured::Service(counters) => counters.arrivals,
        ProbeMeasured::Replicas(replicas) => replicas.iter().map(|one| one.arrivals).sum(),
        ProbeMeasured::Layer(counters) => counters.retried,
        ProbeMeasured::Component(rows) => rows.iter().sum(),
    }
}

#[test]
fn every_kind_of_subject_is_measured_alone_and_beside_the_others() {
    let windows = [(ms(0), ms(1_000), 100), (ms(200), ms(500), 30)];
    let subjects = [(LOAD, 1), (SERVICE, 2), (LAYER, 1)];
    let mut all = Vec::new();
    for (from, until, requests) in windows {
        for (subject, each) in subjects {
            let probe = probe(subject, from, until);
            let counts: Vec<_> = failing(vec![probe], ms(0)).probes.iter().map(count).collect();
            assert_eq!(counts, [requests * each], "{probe:?}");
            all.push((probe, requests * each));
        }
    }
    let (probes, expected): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let counts: Vec<_> = failing(probes, ms(0)).probes.iter().map(count).collect();
    assert_eq!(counts, expected);
}

/// Beside a probe of all of them together, and in windows that begin where others end.
#[test]
fn each_replica_is_measured_by_itself() {
    let windows = [(0, 1_000), (0, 200), (200, 500), (500, 1_000)];
    let probes = windows.map(|(from, until)| Probe {
        depth: Depth::Replicas,
        ..probe(SERVICE, ms(from), ms(until))
    });
    let together = windows.map(|(from, until)| probe(SERVICE, ms(from), ms(until)));
    let measured = failing([probes, together].concat(), ms(0)).probes;
    let counts: Vec<u64> = measured.iter().map(count).collect();
    assert_eq!(counts[..4], counts[4..]);
    assert_eq!(counts[..4], [200, 40, 60, 100]);
}

/// The warm-up is kept out of the totals; a window is where it was written.
#[test]
fn a_window_in_the_warm_up_is_measured_as_it_is_written() {
    let ends = [0, 200, 400, 600, 1_000];
    let windows = ends.iter().flat_map(|from| ends.iter().map(move |until| (*from, *until)));
    for (from, until) in windows.filter(|(from, until)| from < until) {
        let probe = probe(LOAD, ms(from), ms(until));
        let counts: Vec<_> = failing(vec![probe], ms(400)).probes.iter().map(count).collect();
        assert_eq!(counts, [(until - from) / 10], "{from}..{until}");
    }
}
