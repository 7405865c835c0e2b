//! What is counted in several places is the same in all of them.

use std::collections::BTreeMap;

use cascadia::result::{OutcomeKind, PolicyResult, PolicySeries};

use super::{Case, Judge, Rule, close, outcome};
use crate::generated::world::STOPPING;

pub(super) const RULES: &[Rule] = &[
    ("invariants hold", invariants),
    ("each request ends once", ends),
    ("series have all windows", windows),
    ("loads are the sum of their windows", loads),
    ("services are the sum of windows and replicas", services),
    ("replicas are the sum of their windows, and windows of their replicas", replicas),
    ("means are those of their windows", means),
    ("layers are the sum of their windows", layers),
    ("a denied retry is counted at its load", denied),
    ("what is answered or refused arrived", arrived),
];

fn invariants(case: &Case<'_>, judge: &mut Judge) {
    for law in &case.result.invariants {
        judge.expect(law.passed, || format!("{}: {}", law.name, law.detail));
    }
}

fn ends(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.result.loads {
        let ended: u64 = OutcomeKind::ALL.iter().map(|kind| outcome(load, *kind)).sum();
        judge
            .expect(load.offered == ended && load.outcomes.len() == OutcomeKind::ALL.len(), || {
                format!("{name}: {} offered, {:?}", load.offered, load.outcomes)
            });
        let ok = outcome(load, OutcomeKind::Ok);
        let counted: u64 = load.histogram.iter().map(|[.., count]| count).sum();
        let degraded = load.counts["degraded"];
        judge.expect(degraded <= ok && counted == ok, || {
            format!("{name}: {ok} ok, {counted} latencies, {degraded} degraded")
        });
    }
}

fn windows(case: &Case<'_>, judge: &mut Judge) {
    let series = &case.result.series;
    let span = case.world.duration - case.world.warmup;
    let expected = span.div_ceil(series.window_ns) as usize;
    let mut lengths: Vec<(&String, usize)> = Vec::new();
    for (name, load) in &series.loads {
        let outcomes = load.outcomes.values().map(|list| (name, list.len()));
        lengths.extend(outcomes.chain([(name, load.offered.len()), (name, load.p50_ns.len())]));
    }
    for (name, service) in &series.services {
        lengths.extend([(name, service.arrivals.len()), (name, service.wait_ns.len())]);
        lengths.extend(service.replica_arrivals.iter().map(|counts| (name, counts.len())));
    }
    for (name, length) in lengths {
        judge.expect(length == expected, || {
            format!("{name} has {length} windows, not the {expected} of the run")
        });
    }
}

/// What happened in the run is in its windows. Requests of the warm-up end later, too.
fn loads(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.result.loads {
        let series = &case.result.series.loads[name];
        let mut same = |what: &str, total: u64, windows: &[u64], exactly: bool| {
            let sum: u64 = windows.iter().sum();
            judge.expect(sum == total || (!exactly && sum > total), || {
                format!("{name}: {total} {what}, {sum} in the windows")
            });
        };
        let all = case.counts_all();
        same("offered", load.offered, &series.offered, true);
        for (count, windows) in &series.counts {
            same(count, load.counts[count], windows, all);
        }
        same("attempts", load.attempts, &series.attempts, all);
        for (kind, windows) in &series.outcomes {
            same(kind.name(), outcome(load, *kind), windows, all);
        }
    }
}

fn services(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.result.services {
        let series = &case.result.series.services[name];
        let replicas = &service.replicas;
        let mut same = |what: &str, total: u64, windows: &[u64], replicas: Option<u64>| {
            let sum: u64 = windows.iter().sum();
            judge.expect(sum == total && replicas.is_none_or(|replicas| replicas == total), || {
                format!(
                    "{name}: {total} {what}, {sum} in the windows, {replicas:?} at the replicas"
                )
            });
        };
        let arrivals = replicas.iter().map(|replica| replica.arrivals).sum();
        let completions = replicas.iter().map(|replica| replica.completions).sum();
        same("arrivals", service.arrivals, &series.arrivals, Some(arrivals));
        same("completions", service.completions, &series.completions, Some(completions));
        same("rejected", service.rejected, &series.rejected, None);
    }
}

/// What arrived in a window arrived at some replica.
fn replicas(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.result.services {
        let series = &case.result.series.services[name];
        let (all, windows) = (&service.replicas, &series.replica_arrivals);
        let shown = if (2..=64).contains(&all.len()) { all.len() } else { 0 };
        judge.expect(windows.len() == shown, || {
            format!("{name}: {} of {} replicas in the windows", windows.len(), all.len())
        });
        let sums: Vec<u64> = windows.iter().map(|counts| counts.iter().sum()).collect();
        let totals: Vec<u64> = all.iter().take(shown).map(|replica| replica.arrivals).collect();
        judge.expect(sums == totals, || format!("{name}: {totals:?}, {sums:?} in the windows"));
        for (at, arrivals) in series.arrivals.iter().enumerate().take_while(|_| shown > 0) {
            let sum: u64 = windows.iter().map(|counts| counts[at]).sum();
            judge.expect(sum == *arrivals, || {
                format!("{name}: {arrivals} arrivals, {sum} at the replicas in window {at}")
            });
        }
    }
}

fn means(case: &Case<'_>, judge: &mut Judge) {
    let series = &case.result.series;
    let span = (case.world.duration - case.world.warmup) as f64;
    let width = |at: usize| {
        let start = at as u64 * series.window_ns;
        series.window_ns.min(case.world.duration - case.world.warmup - start) as f64
    };
    for (name, service) in &case.result.services {
        let windows = &series.services[name];
        for (what, mean, windows) in [
            ("wait", service.queue_mean, &windows.queue_mean),
            ("are in service", service.in_service_mean, &windows.in_service_mean),
        ] {
            let weighted = windows.iter().enumerate().map(|(at, mean)| mean * width(at));
            let all = weighted.sum::<f64>() / span;
            judge.expect(close(mean, all), || {
                format!("{name}: {mean} {what}, {all} in the windows")
            });
        }
    }
}

fn layers(case: &Case<'_>, judge: &mut Judge) {
    for (name, layer) in &case.result.policies {
        let series = &case.result.series.policies[name];
        let (totals, sums) = (totals(layer), sums(series));
        judge.expect(totals == sums, || format!("{name}: {totals:?}, {sums:?} in the windows"));
    }
}

fn totals(layer: &PolicyResult) -> BTreeMap<String, u64> {
    let named = [("rejected", &layer.rejected), ("denied", &layer.denied), ("", &layer.counts)];
    let named = named.into_iter().flat_map(|(kind, counts)| {
        counts.iter().map(move |(name, count)| (format!("{kind} {name}"), *count))
    });
    let retries = layer.retries.iter().zip(1..);
    let retries = retries.map(|(count, number): (_, u32)| (format!("retry {number}"), *count));
    let all = named.chain(retries).chain([("timed out".to_owned(), layer.timed_out)]);
    all.filter(|(_, count)| *count > 0).collect()
}

fn sums(layer: &PolicySeries) -> BTreeMap<String, u64> {
    let named = [("rejected", &layer.rejected), ("denied", &layer.denied), ("", &layer.counts)];
    let named = named.into_iter().flat_map(|(kind, counts)| {
        counts.iter().map(move |(name, windows)| (format!("{kind} {name}"), windows))
    });
    let retries = layer.retries.iter().zip(1..);
    let retries = retries.map(|(windows, number): (_, u32)| (format!("retry {number}"), windows));
    let all = named.chain(retries).chain([("timed out".to_owned(), &layer.timed_out)]);
    all.map(|(name, windows)| (name, windows.iter().sum())).filter(|(_, sum)| *sum > 0).collect()
}

fn denied(case: &Case<'_>, judge: &mut Judge) {
    let series = &case.result.series;
    let count = (case.world.duration - case.world.warmup).div_ceil(series.window_ns) as usize;
    let layers = series.policies.values().filter_map(|layer| layer.denied.get("budget"));
    let loads = series.loads.values().map(|load| &load.retries_denied);
    let sum = |lists: &mut dyn Iterator<Item = &Vec<u64>>| -> Vec<u64> {
        lists.fold(vec![0; count], |sum, list| sum.iter().zip(list).map(|(a, b)| a + b).collect())
    };
    let (by_layers, by_loads) = (sum(&mut layers.into_iter()), sum(&mut loads.into_iter()));
    judge.expect(by_layers == by_loads, || {
        format!("budgets denied {by_layers:?} retries, and loads were denied {by_loads:?}")
    });
}

/// A request that arrived is answered or refused, and only once.
fn arrived(case: &Case<'_>, judge: &mut Judge) {
    if !case.counts_all() {
        return;
    }
    for (name, service) in &case.result.services {
        judge.expect(service.completions + service.rejected <= service.arrivals, || {
            let cascadia::result::ServiceResult { arrivals, completions, rejected, .. } = service;
            format!("{name}: {arrivals} arrived, {completions} answered, {rejected} refused")
        });
        let idle = |list: &[f64]| list.iter().rev().take(2).all(|mean| *mean == 0.0);
        let series = &case.result.series.services[name];
        let setting = &case.world.services[name];
        let ended = idle(&series.queue_mean)
            && idle(&series.in_service_mean)
            && series.arrivals.iter().rev().take(2).all(|count| *count == 0);
        let all = ended && setting.inbound.is_none() && setting.on_cancel == "ignore";
        if all && !case.world.has_fault(&STOPPING) {
            judge.expect(service.completions + service.rejected == service.arrivals, || {
                let cascadia::result::ServiceResult { arrivals, completions, rejected, .. } =
                    service;
                format!(
                    "{name} is idle: {arrivals} arrived, {completions} answered, {rejected} refused"
                )
            });
        }
    }
}
