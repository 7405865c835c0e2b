//! What stands beside figures.

use cascadia::result::{CheckResult, CheckStatus, LoadResult, OutcomeKind, RunResult};
use cascadia_reports::format::{duration, number, share, span};

use super::super::Claim;
use super::{claim, told_if};

pub(super) const HELD: &[Claim] = &[
    claim(", during fault {}", &["CHECKS"], |run| {
        let open = run.checks.iter().filter(|check| check.status != CheckStatus::Passed);
        open.filter_map(|check| {
            Some(format!("{}, during fault *{}", window(check), during(run, check)?))
        })
        .collect()
    }),
    claim("The scenario has no checks.", &["Checks"], |run| {
        told_if(run.checks.is_empty(), "The scenario has no checks.")
    }),
    claim("{} points", &["Checks"], |run| {
        let shares = run.checks.iter().filter(|check| check.bound_text.ends_with('%'));
        let margin = |check: &CheckResult| {
            let points = number((check.measured? - check.bound).abs() * 100.0);
            let side = if check.status == CheckStatus::Passed { "inside" } else { "beyond" };
            Some(format!("{}*{points} points {side}", check.expression))
        };
        shares.filter_map(margin).collect()
    }),
    claim(" only the {} that ended in ok", &["LATENCY"], |run| {
        few(run)
            .map(|(name, share, _)| format!("{name}* only the {share} that ended in ok"))
            .collect()
    }),
    claim(" all, until they were told", &["LATENCY"], |run| {
        few(run).map(|(name, ..)| format!("{name}* all, until they were told")).collect()
    }),
    claim(
        "The latencies of {name} are only of the {share} of its requests that ended in ok. Of all, until they were told: {}.",
        &["Loads"],
        |run| {
            let told = few(run).map(|(name, share, load)| {
                let max = load.latency_all_ns.max.map(|max| duration(max as f64));
                format!(
                    "The latencies of {name} are only of the {share} of its requests that ended in ok. Of all, until they \
                     were told: *max {}.",
                    max.unwrap_or_default()
                )
            });
            told.collect()
        },
    ),
    claim("up to ", &["COMPONENTS"], |run| {
        let told = run.components.iter().flat_map(|(name, of)| {
            let levels =
                of.levels.iter().map(|(level, value)| (level, number(*value as f64), *value));
            let ages = of.ages_ns.iter().map(|(age, value)| (age, duration(*value as f64), *value));
            let all = levels.chain(ages).filter(|(.., value)| *value > 0);
            all.map(move |(level, text, _)| {
                format!("{name}*{} up to {text}", level.replace('_', " "))
            })
        });
        told.collect()
    }),
    claim("measured {}, bound {}, over {window}", &["junit"], |run| {
        failed(run).map(measured).collect()
    }),
    claim("{}, over {window}", &["junit"], |run| {
        let open = run.checks.iter().filter(|check| check.status == CheckStatus::Inconclusive);
        let open = open.map(|check| format!("{}, over {}", check.measured_text, window(check)));
        open.chain(failed(run).map(measured)).collect()
    }),
    claim("{why}Reproduce: {reproduce}", &["junit"], |run| {
        failed(run).map(|_| format!("Reproduce: {}", run.reproduce)).collect()
    }),
];

fn failed(run: &RunResult) -> impl Iterator<Item = &CheckResult> {
    run.checks.iter().filter(|check| check.status == CheckStatus::Failed)
}

fn measured(check: &CheckResult) -> String {
    let CheckResult { measured_text, bound_text, .. } = check;
    format!("measured {measured_text}, bound {bound_text}, over {}", window(check))
}

fn window(check: &CheckResult) -> String {
    span(check.window_start_ns, check.window_end_ns)
}

/// The last of the faults that last for all of the window of a check.
fn during<'a>(run: &'a RunResult, check: &CheckResult) -> Option<&'a str> {
    let mut lasts = run.faults.iter().filter(|fault| {
        fault.start_ns <= check.window_start_ns && check.window_end_ns <= fault.end_ns
    });
    lasts.next_back().map(|fault| &*fault.name)
}

/// Loads of which less than 99 % ended in ok, with that share.
fn few(run: &RunResult) -> impl Iterator<Item = (&String, String, &LoadResult)> {
    run.loads.iter().filter_map(|(name, load)| {
        let ok = load.outcomes[&OutcomeKind::Ok] as f64 / load.offered as f64;
        (load.offered > 0 && ok < 0.99).then(|| (name, share(ok), load))
    })
}
