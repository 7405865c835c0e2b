//! A check measures what the result has, and its verdict is that of its figures.

use cascadia::result::{CheckResult, CheckStatus, LoadResult, OutcomeKind, Verdict};

use super::{Case, Judge, Rule, close, outcome};
use crate::generated::world::nanos;

pub(super) const RULES: &[Rule] = &[
    ("a verdict is that of the figures", verdicts),
    ("a run passes where its checks pass", passes),
    ("a check of a load measures the load", loads),
    ("a check of a service measures the service", services),
    ("a check of a layer measures the layer", layers),
    ("a window is the sum of its halves", halves),
];

/// A check taken apart.
struct Parts<'a> {
    metric: &'a str,
    op: &'a str,
    bound: &'a str,
    window: Option<&'a str>,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let is_op = |c: char| matches!(c, '<' | '>' | '=' | '!');
    let start = text.find(is_op)?;
    let end = start + text[start..].find(|c| !is_op(c))?;
    let rest = &text[end..];
    let (bound, window) = match rest.split_once(" over ") {
        Some((bound, window)) => (bound, Some(window)),
        None => (rest, None),
    };
    Some(Parts { metric: text[..start].trim(), op: &text[start..end], bound: bound.trim(), window })
}

fn verdicts(case: &Case<'_>, judge: &mut Judge) {
    for check in &case.result.checks {
        let status = match (parts(&check.expression), check.measured) {
            (_, None) => CheckStatus::Inconclusive,
            (Some(parts), Some(measured)) => {
                let bound = check.bound;
                let holds = match parts.op {
                    "<" => measured < bound,
                    "<=" => measured <= bound,
                    ">" => measured > bound,
                    ">=" => measured >= bound,
                    "==" => measured == bound,
                    _ => measured != bound,
                };
                if holds { CheckStatus::Passed } else { CheckStatus::Failed }
            }
            // Of a comparison with the time before a fault the figures are not all told.
            (None, Some(_)) => continue,
        };
        judge.expect(
            check.status == status && check.passed == (status == CheckStatus::Passed),
            || format!("{}: {check:?}", check.subject),
        );
    }
}

fn passes(case: &Case<'_>, judge: &mut Judge) {
    let any = |status| case.result.checks.iter().any(|check| check.status == status);
    let broken = case.result.invariants.iter().any(|law| !law.passed);
    let expected = match (any(CheckStatus::Failed) || broken, any(CheckStatus::Inconclusive)) {
        (true, _) => Verdict::Failed,
        (false, true) => Verdict::Inconclusive,
        (false, false) => Verdict::Passed,
    };
    judge.expect(case.result.verdict == expected, || {
        format!("the verdict is {:?}, not {expected:?}", case.result.verdict)
    });
}

/// What a check measured is what is expected of it.
fn same(check: &CheckResult, expected: Option<f64>, judge: &mut Judge) {
    let same = match (check.measured, expected) {
        (Some(measured), Some(expected)) => close(measured, expected),
        (None, None) => true,
        _ => false,
    };
    tell(check, expected, same, judge);
}

/// The same of a latency, which the result has in whole nanoseconds.
fn same_nanos(check: &CheckResult, expected: Option<f64>, judge: &mut Judge) {
    let same = match (check.measured, expected) {
        (Some(measured), Some(expected)) => measured.trunc() == expected.trunc(),
        (None, None) => true,
        _ => false,
    };
    tell(check, expected, same, judge);
}

fn tell(check: &CheckResult, expected: Option<f64>, same: bool, judge: &mut Judge) {
    judge.expect(same, || {
        let CheckResult { subject, expression, measured, .. } = check;
        format!("{subject}: `{expression}` measured {measured:?}, the result has {expected:?}")
    });
}

/// The checks of the whole measured run.
fn whole<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'a CheckResult, Parts<'a>)> {
    let all = case.result.checks.iter();
    let all = all.filter_map(|check| Some((check, parts(&check.expression)?)));
    all.filter(|(_, parts)| parts.window.is_none())
}

fn per_second(case: &Case<'_>, count: u64) -> f64 {
    count as f64 / ((case.world.duration - case.world.warmup) as f64 / 1e9)
}

fn loads(case: &Case<'_>, judge: &mut Judge) {
    for (check, Parts { metric, bound, .. }) in whole(case) {
        let Some(load) = case.result.loads.get(&check.subject) else { continue };
        if let Some(latency) = of_latency(load, metric) {
            same_nanos(check, latency, judge);
        } else if let Some((total, windows)) = of_load(case, &check.subject, metric) {
            let each = matches!(metric, "attempts" | "orphans" | "duplicates");
            let of_all =
                |count: u64| (load.offered > 0).then(|| count as f64 / load.offered as f64);
            let expected = match bound {
                bound if bound.ends_with('%') => of_all(total),
                bound if bound.contains('/') => Some(per_second(case, windows)),
                _ if each => of_all(total),
                _ => Some(total as f64),
            };
            same(check, expected, judge);
        }
    }
}

/// A latency of a load, in the whole run; where there are too few there is none.
fn of_latency(load: &LoadResult, metric: &str) -> Option<Option<f64>> {
    let (latency, figure) = match metric.strip_prefix("all_") {
        Some(figure) => (&load.latency_all_ns, figure),
        None => (&load.latency_ns, metric),
    };
    let quantile = match figure {
        "mean" => return Some(latency.mean),
        "max" => latency.max,
        "p50" => latency.p50,
        "p90" => latency.p90,
        "p95" => latency.p95,
        "p99" => latency.p99,
        _ => return None,
    };
    Some(quantile.map(|nanos| nanos as f64))
}

/// What a load counted of its requests, and what happened to it in the run.
fn of_load(case: &Case<'_>, name: &str, metric: &str) -> Option<(u64, u64)> {
    let (load, series) = (&case.result.loads[name], &case.result.series.loads[name]);
    let sum = |windows: &Vec<u64>| windows.iter().sum();
    match metric {
        "offered" => Some((load.offered, sum(&series.offered))),
        "attempts" => Some((load.attempts, sum(&series.attempts))),
        // Nobody asks when the requests behind them were sent.
        "retries_denied" => Some((sum(&series.retries_denied), sum(&series.retries_denied))),
        _ => {
            let name = if metric == "goodput" { "ok" } else { metric };
            if let Some(count) = load.counts.get(name) {
                return Some((*count, sum(&series.counts[name])));
            }
            let kind = OutcomeKind::named(name)?;
            // Of what is unfinished the end is no event.
            let windows = series.outcomes.get(&kind).map(sum)?;
            Some((outcome(load, kind), windows))
        }
    }
}

fn services(case: &Case<'_>, judge: &mut Judge) {
    for (check, Parts { metric, .. }) in whole(case) {
        let Some(service) = case.result.services.get(&check.subject) else { continue };
        let expected = match metric {
            "utilisation" => service.utilisation,
            "queue" => Some(service.queue_mean),
            "wait" => service.wait_ns,
            "wasted" => service.wasted_share,
            // Others are in the result where they are not 0.
            _ => match service.figures.iter().find(|(name, _)| name.starts_with(metric)) {
                Some((_, figure)) => Some(*figure),
                None => continue,
            },
        };
        same(check, expected, judge);
    }
}

fn layers(case: &Case<'_>, judge: &mut Judge) {
    for (check, Parts { metric, bound, .. }) in whole(case) {
        let Some((layer, metric)) = metric.rsplit_once('.') else { continue };
        let Some((path, kind)) = layer.rsplit_once('.') else { continue };
        let (policy, place) = match path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) {
            Some((policy, place)) => (policy, place.parse::<usize>().ok()),
            None => (path, None),
        };
        // A check of a timeout is of its outer part, where it has two.
        let ways: Vec<_> = case
            .ways
            .iter()
            .filter(|way| {
                let layer = &case.world.policies[&way.policy][way.at];
                let part = way.part == kind
                    || !layer.value.is_object()
                    || layer.value["overall"].is_null();
                way.policy == policy
                    && layer.kind == kind
                    && part
                    && place.is_none_or(|at| at == way.at)
            })
            .collect();
        let results = ways.iter().filter_map(|way| case.result.policies.get(&way.name));
        let count = results.map(|result| match metric {
            "rejected" => result.rejected.values().sum::<u64>(),
            "timed_out" => result.timed_out,
            "retried" => result.retries.iter().sum(),
            _ => result.denied.values().sum(),
        });
        let mut names: Vec<&String> = ways.iter().map(|way| &way.name).collect();
        names.dedup();
        let count = if names.len() == ways.len() { count.sum() } else { continue };
        let rate = bound.contains('/');
        same(check, Some(if rate { per_second(case, count) } else { count as f64 }), judge);
    }
}

fn halves(case: &Case<'_>, judge: &mut Judge) {
    let windowed = case.result.checks.iter().filter_map(|check| {
        let parts =
            parts(&check.expression).filter(|parts| parts.op == ">=" && parts.bound == "0")?;
        let (from, until) = parts.window?.split_once("..")?;
        Some((check, parts.metric, nanos(from.trim())?, nanos(until.trim())?))
    });
    let windowed: Vec<_> = windowed.collect();
    for three in windowed.windows(3) {
        let [(all, metric, from, until), (first, _, start, middle), (second, _, next, end)] = three
        else {
            continue;
        };
        let same =
            three.iter().all(|(check, other, ..)| other == metric && check.subject == all.subject);
        let fits = from == start && middle == next && until == end;
        let (Some(sum), Some(one), Some(other)) = (all.measured, first.measured, second.measured)
        else {
            continue;
        };
        // Tries for each request are no number of their own.
        if same && fits && !["attempts", "orphans"].contains(metric) {
            judge.expect(close(sum, one + other), || {
                format!("{}: {metric} is {sum} from {from} to {until}, and {one} and {other} in its halves", all.subject)
            });
        }
    }
}
