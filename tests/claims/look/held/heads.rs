//! What a run is, and how it ended.

use cascadia::result::{CheckStatus, LoadResult, RunResult, Verdict};
use cascadia_reports::format::{count, duration, rate};

use super::super::Claim;
use super::{claim, every, told_if};

pub(super) const HELD: &[Claim] = &[
    every("seed {}", &["head"], |run| vec![format!("seed {} · ", run.seed)]),
    every("{} simulated", &["head"], |run| {
        vec![format!("{} simulated", duration(run.simulated_ns as f64))]
    }),
    every("{services} service{}", &["head"], |run| {
        let words = if run.services.len() == 1 { "1 service ·" } else { "* services ·" };
        vec![words.replace('*', &run.services.len().to_string())]
    }),
    every("{} offered", &["head"], |run| {
        let measured = (run.simulated_ns - run.warmup_ns) as f64 / 1e9;
        vec![format!("{} offered", rate(offered(run) as f64 / measured))]
    }),
    claim("interrupted, all figures are partial", &["head"], |run| {
        told_if(run.interrupted, "interrupted, all figures are partial")
    }),
    claim(" · interrupted: all figures are partial", &["banner"], |run| {
        told_if(run.interrupted, " · interrupted: all figures are partial")
    }),
    every(
        "seed {} · {} simulated · {} services · {} requests offered{interrupted}",
        &["banner"],
        |run| {
            let (services, simulated) = (run.services.len(), duration(run.simulated_ns as f64));
            let offered = count(offered(run));
            vec![format!(
                "seed {} · {simulated} simulated · {services} services · {offered} requests offered",
                run.seed
            )]
        },
    ),
    every("digest {}{report}", &["foot"], |run| {
        vec![format!("digest {}*{}", &run.digest[..4], &run.digest[run.digest.len() - 4..])]
    }),
    every("   report {path}", &["foot"], |_| vec!["   report report.html".to_owned()]),
    every("{text}{verdict}  Reproduce: {command}\n", &["verdict"], |run| {
        let word = match run.verdict {
            Verdict::Passed => "PASSED",
            Verdict::Failed => "FAILED",
            Verdict::Inconclusive => "INCONCLUSIVE",
        };
        vec![format!("{word}*.  Reproduce: {}", run.reproduce)]
    }),
    claim("nothing is checked", &["verdict"], |run| {
        told_if(run.verdict == Verdict::Passed && run.checks.is_empty(), "nothing is checked")
    }),
    claim("{all} of {all} checks hold", &["verdict"], |run| {
        let all = run.checks.len();
        let holds = run.verdict == Verdict::Passed && all > 0;
        told_if(holds, format!("{all} of {all} checks hold."))
    }),
    claim("{n} of {all} checks {what}", &["verdict"], |run| {
        let all = run.checks.len();
        let some = [(CheckStatus::Failed, "failed"), (CheckStatus::Inconclusive, "inconclusive")];
        let some = some.map(|(status, what)| (ended(run, status), what)).into_iter();
        let told =
            some.filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} of {all} checks {what}"));
        let holds =
            ended(run, CheckStatus::Passed) == all && all > 0 && run.verdict == Verdict::Passed;
        told.chain(told_if(holds, format!("{all} of {all} checks hold"))).collect()
    }),
    claim("{broken} invariant{} broken", &["verdict"], |run| {
        let broken = run.invariants.iter().filter(|law| !law.passed).count();
        let plural = if broken == 1 { "" } else { "s" };
        told_if(broken > 0, format!("{broken} invariant{plural} broken"))
    }),
    claim("A broken invariant is a defect of the simulator.", &["junit"], |run| {
        let broken = run.invariants.iter().any(|law| !law.passed);
        told_if(broken, "A broken invariant is a defect of the simulator.")
    }),
];

fn offered(run: &RunResult) -> u64 {
    run.loads.values().map(|load: &LoadResult| load.offered).sum()
}

fn ended(run: &RunResult, status: CheckStatus) -> usize {
    run.checks.iter().filter(|check| check.status == status).count()
}
