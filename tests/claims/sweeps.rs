//! What is told of many seeds.

use std::fs;

use cascadia::result::{CheckTally, SweepResult, Verdict};
use cascadia_reports::format::{count, share};
use cascadia_reports::junit::{Suite, to_junit};
use cascadia_reports::page;
use cascadia_reports::summary::{self, Look};

use super::look::Template;
use crate::support::{cascadia, folder};

/// What must be told of a sweep, of one text; as the claims of runs.
struct Claim {
    text: &'static str,
    place: usize,
    told: fn(&SweepResult) -> Vec<String>,
    every: bool,
}

const TERMINAL: usize = 0;
const PAGE: usize = 1;
const JUNIT: usize = 2;

const fn claim(text: &'static str, place: usize, told: fn(&SweepResult) -> Vec<String>) -> Claim {
    Claim { text, place, told, every: false }
}

const fn every(text: &'static str, place: usize, told: fn(&SweepResult) -> Vec<String>) -> Claim {
    Claim { text, place, told, every: true }
}

fn told_if(is_so: bool, text: impl ToString) -> Vec<String> {
    if is_so { vec![text.to_string()] } else { Vec::new() }
}

const HELD: &[Claim] = &[
    claim(", required {}", TERMINAL, required),
    claim(", required {}", PAGE, required),
    claim(" · worst seed {}", PAGE, |sweep| {
        sweep.worst.iter().map(|worst| format!(" · worst seed {}", worst.seed)).collect()
    }),
    claim("  Worst seed {}: {}", TERMINAL, |sweep| {
        let worst = sweep.worst.iter();
        worst.map(|worst| format!("  Worst seed {}: {}", worst.seed, worst.reproduce)).collect()
    }),
    claim(" · interrupted: not all seeds were run", PAGE, |sweep| {
        told_if(sweep.interrupted, " · interrupted: not all seeds were run")
    }),
    claim(" · interrupted, not all seeds were run", TERMINAL, |sweep| {
        told_if(sweep.interrupted, " · interrupted, not all seeds were run")
    }),
    every("{} seeds passed{required}{worst}{interrupted}", PAGE, |sweep| {
        vec![format!("{} of {} seeds passed", passed(sweep), sweep.runs.len())]
    }),
    every("{name}   {} seeds · {} requests offered{engine}{interrupted}", TERMINAL, |sweep| {
        let offered = sweep.loads.values().map(|load| load.offered).sum();
        vec![format!("   {} seeds · {} requests offered", sweep.runs.len(), count(offered))]
    }),
    every("{label}{} seeds passed (95 %: {}){required}.", TERMINAL, |sweep| {
        let (low, high) = (share(sweep.seeds_passed.low), share(sweep.seeds_passed.high));
        vec![format!(
            "{} of {} seeds passed (95 %: {low} – {high})*.",
            passed(sweep),
            sweep.runs.len()
        )]
    }),
    every("report {path}", TERMINAL, |_| vec!["report report.html".to_owned()]),
    claim("{n} inconclusive", TERMINAL, |sweep| {
        let some = sweep.checks.iter().filter(|check| check.inconclusive > 0);
        let some =
            some.map(|check| format!("{}*{} inconclusive", check.expression, check.inconclusive));
        let seeds = sweep.runs.iter().filter(|run| run.verdict == Verdict::Inconclusive);
        some.chain(seeds.map(|run| format!("  {}  inconclusive", run.seed))).collect()
    }),
    claim("{} of {} seeds passed", JUNIT, |sweep| {
        let all = format!("{} of {} seeds passed", passed(sweep), sweep.runs.len());
        let checks = told_in_junit(sweep).map(tally);
        told_if(sweep.verdict != Verdict::Passed, all).into_iter().chain(checks).collect()
    }),
    claim("Reproduce the worst seed: {worst}", JUNIT, |sweep| {
        let worst = sweep.worst.as_ref().map_or("", |worst| &*worst.reproduce);
        told_if(sweep.verdict == Verdict::Failed, format!("Reproduce the worst seed: {worst}"))
    }),
    claim("{} of {} seeds passed, {} inconclusive", JUNIT, |sweep| {
        told_in_junit(sweep).map(tally).collect()
    }),
];

/// The texts that are held here.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    HELD.iter().map(|claim| claim.text)
}

fn required(sweep: &SweepResult) -> Vec<String> {
    sweep.require.iter().map(|required| format!(", required {}", share(*required))).collect()
}

fn passed(sweep: &SweepResult) -> usize {
    sweep.runs.iter().filter(|run| run.verdict == Verdict::Passed).count()
}

/// Checks that failed in some seed of a sweep that failed, and those that nothing decides.
fn told_in_junit(sweep: &SweepResult) -> impl Iterator<Item = &CheckTally> {
    sweep.checks.iter().filter(|check| {
        let failed = check.tally.of.saturating_sub(check.tally.passed + check.inconclusive);
        failed > 0 && sweep.verdict == Verdict::Failed || check.inconclusive == check.tally.of
    })
}

fn tally(check: &CheckTally) -> String {
    let CheckTally { tally, inconclusive, .. } = check;
    format!("{} of {} seeds passed, {inconclusive} inconclusive", tally.passed, tally.of)
}

/// What is shown of a sweep in each place.
fn shown(sweep: &SweepResult) -> [Vec<String>; 3] {
    let look = Look { color: false, unicode: true };
    let terminal = summary::sweep(sweep, look, Some("report.html"));
    let page = page::sweep(sweep, &[]);
    let body = page.split_once("<body>").expect("it has one").1;
    let junit = to_junit([Suite::Sweep(sweep)]);
    [
        terminal.lines().map(str::to_owned).collect(),
        body.split("</p>").map(str::to_owned).collect(),
        junit.split("<testcase").map(str::to_owned).collect(),
    ]
}

/// A queue under twenty-four requests a second, with a check that holds in all seeds, in none, in some, or in none for
/// want of requests; and the same where so many must pass, and where it was interrupted.
fn sweeps() -> Vec<SweepResult> {
    let folder = folder("sweeps");
    let world = folder.join("queue.json");
    let text = r#"{ "version": 1, "name": "queue", "run": { "duration": "20s" },
      "services": { "desk": { "workers": 1, "endpoints": { "ask": [ { "compute": { "exp": { "mean": "30ms" } } } ] } } },
      "load": { "users": { "target": "desk.ask", "open": { "poisson": "24/s" } } }, "checks": { "users": [ "CHECK" ] } }"#;
    let checks = [
        "ok > 1%",
        "ok > 50%",
        "mean < 200ms",
        "mean < 100ms",
        "mean < 80ms",
        "mean < 1ms",
        "p9999 < 5s",
        "p999 < 5s",
    ];
    let run = |check: &str| {
        fs::write(&world, text.replace("CHECK", check)).unwrap();
        let out = folder.join("out").display().to_string();
        cascadia(&folder, &["run", "queue.json", "--seeds", "1..6", "--quiet", "--out", &out]);
        let json = fs::read_to_string(folder.join("out/result.json")).unwrap();
        serde_json::from_str::<SweepResult>(&json).unwrap()
    };
    let plain: Vec<SweepResult> = checks.iter().map(|check| run(check)).collect();
    let required = plain.iter().map(|sweep| SweepResult { require: Some(0.5), ..sweep.clone() });
    let cut = plain.iter().take(4).map(|sweep| SweepResult { interrupted: true, ..sweep.clone() });
    let others: Vec<SweepResult> = required.chain(cut).collect();
    plain.into_iter().chain(others).collect()
}

#[test]
fn what_is_told_of_many_seeds_is_so_and_of_three_sweeps() {
    let sweeps = sweeps();
    let shown: Vec<_> = sweeps.iter().map(shown).collect();
    for Claim { text, place, told, every } in HELD {
        let source = Template::of_source(text);
        let mut times = 0;
        for (sweep, shown) in sweeps.iter().zip(&shown) {
            let expected = told(sweep);
            times += usize::from(!expected.is_empty());
            let is_told = |one: &String, line: &String| {
                Template::of_told(one).iter().any(|one| one.is_in(line))
            };
            for one in &expected {
                let mut lines = shown[*place].iter();
                assert!(
                    lines.any(|line| is_told(one, line)),
                    "not told: {one:?} in {:#?}",
                    shown[*place]
                );
            }
            for line in shown[*place].iter().filter(|line| source.is_in(line)) {
                assert!(
                    expected.iter().any(|one| is_told(one, line)),
                    "{text:?}, not so: {line:?}"
                );
            }
        }
        let not = sweeps.len() - times;
        assert!(
            times >= 3 && (not >= 3 || *every),
            "{text:?} told {times} times, and not {not} times"
        );
    }
}
