//! What was measured, as it is saved.

mod capture;
mod causes;
mod components;
mod exemplars;
mod figures;
mod policies;
mod reach;
mod recovery;

pub(crate) use self::capture::capture;
pub(crate) use self::causes::Names;
pub(crate) use self::components::components;
pub(crate) use self::exemplars::exemplar;
pub(crate) use self::recovery::{collapse, recovery};

use std::collections::BTreeMap;

use cascadia_models::measure::{
    Count, Ended, LoadCounters, LoadMeasured, Measured, ServiceCounters, ServiceMeasured, Tally,
    Windows,
};
use cascadia_models::plan::{Arrivals, LoadPlan, Plan};
use cascadia_models::stats::Histogram;
use cascadia_reports::result::{
    Invariant, Latency, LoadResult, LoadSeries, OutcomeKind, Outcomes, PolicyResult, ReplicaResult,
    Series, ServiceResult, ServiceSeries, StateChange, StateLane,
};

/// Each source of load, by name.
pub(crate) fn loads(plan: &Plan, measured: &Measured) -> BTreeMap<String, LoadResult> {
    let named = plan.loads.iter().zip(&measured.loads);
    let result = |index, load: &LoadMeasured| load_result(&load.measured, &Names::new(plan, index));
    named
        .enumerate()
        .map(|(index, (named, load))| (named.name.clone(), result(index, load)))
        .collect()
}

/// Requests of one source of load, in one run or in many.
pub(crate) fn load_result(tally: &Tally, names: &Names<'_>) -> LoadResult {
    LoadResult {
        offered: tally.counts[Count::Offered],
        demand_digest: format!("{:016x}", tally.demand),
        outcomes: outcomes(&tally.outcomes),
        answers: tally
            .answers
            .occurring()
            .map(|(kind, count)| (kind.name().to_owned(), count))
            .collect(),
        causes: names.causes(&tally.causes),
        reaches: names.reaches(),
        attempts: tally.counts[Count::Attempts],
        counts: further_counts()
            .map(|count| (count.name().to_owned(), tally.counts[count]))
            .collect(),
        latency_ns: latency(&tally.ok),
        latency_all_ns: latency(&tally.all()),
        histogram: tally
            .ok
            .bins()
            .map(|(low, high, count)| [low, high.saturating_add(1), count])
            .collect(),
    }
}

/// Each service, by name.
pub(crate) fn services(plan: &Plan, measured: &Measured) -> BTreeMap<String, ServiceResult> {
    let span = measured.end.since(plan.warmup).as_nanos();
    let named = plan.services.iter().zip(&measured.services);
    named.map(|(plan, service)| (plan.name.clone(), service_result(service, span))).collect()
}

fn service_result(service: &ServiceMeasured, span: u128) -> ServiceResult {
    let counters = &service.measured;
    ServiceResult {
        arrivals: counters.arrivals,
        completions: counters.completions,
        rejected: counters.rejected,
        wasted: counters.wasted,
        wasted_share: counters.wasted_share(),
        utilisation: counters.utilisation(),
        queue_mean: ratio(counters.waiting, span),
        queue_max: service.queue_max,
        in_service_mean: ratio(counters.in_service, span),
        wait_ns: counters.mean_wait(),
        replicas: service
            .replicas
            .iter()
            .map(|replica| ReplicaResult {
                arrivals: replica.arrivals,
                completions: replica.completions,
                utilisation: replica.utilisation(),
            })
            .collect(),
        figures: figures::of(counters, span as u64),
    }
}

/// Each layer of a policy, by name.
pub(crate) fn policies(measured: &Measured) -> BTreeMap<String, PolicyResult> {
    let layers = measured.policies.iter();
    layers.map(|(name, layer)| (name.clone(), policies::result(layer))).collect()
}

/// Everything over time.
pub(crate) fn series(plan: &Plan, measured: &Measured) -> Series {
    let windows = &measured.windows;
    let loads = plan.loads.iter().zip(&measured.loads);
    let services = plan.services.iter().zip(&measured.services);
    let policies = measured.policies.iter();
    Series {
        start_ns: windows.start.as_nanos(),
        window_ns: windows.width,
        end_ns: measured.end.max(windows.start).as_nanos(),
        loads: loads.map(|(plan, load)| (plan.name.clone(), load_series(plan, load))).collect(),
        services: services
            .map(|(plan, service)| (plan.name.clone(), service_series(service, measured)))
            .collect(),
        components: components::series(plan, measured),
        policies: policies.map(|(name, layer)| (name.clone(), policies::series(layer))).collect(),
    }
}

fn load_series(plan: &LoadPlan, load: &LoadMeasured) -> LoadSeries {
    let each = |count: Count| load.series.iter().map(|window| window.counts[count]).collect();
    let ended = |kind: Ended| {
        let count = |window: &LoadCounters| window.outcomes[kind.index()];
        (outcome_kind(kind), load.series.iter().map(count).collect())
    };
    let quantile = |index: usize| load.latency.iter().map(|window| window[index]).collect();
    let kinds = Ended::ALL.into_iter().filter(|kind| *kind != Ended::Unfinished);
    LoadSeries {
        from_ns: plan.from.as_nanos(),
        until_ns: plan.until.as_nanos(),
        open: !matches!(plan.arrivals, Arrivals::Closed { .. }),
        offered: each(Count::Offered),
        outcomes: kinds.map(ended).collect(),
        attempts: each(Count::Attempts),
        retries_denied: each(Count::Denied),
        p50_ns: quantile(0),
        p95_ns: quantile(1),
        p99_ns: quantile(2),
        p999_ns: quantile(3),
        max_ns: quantile(4),
        counts: further_counts().map(|count| (count.name().to_owned(), each(count))).collect(),
    }
}

fn service_series(service: &ServiceMeasured, measured: &Measured) -> ServiceSeries {
    fn each<T>(service: &ServiceMeasured, value: impl Fn(&ServiceCounters) -> T) -> Vec<T> {
        service.series.iter().map(value).collect()
    }
    let spans = spans(&measured.windows, measured);
    let mean = |integral: fn(&ServiceCounters) -> u128| {
        let windows = service.series.iter().zip(&spans);
        windows.map(|(window, span)| ratio(integral(window), *span)).collect()
    };
    ServiceSeries {
        arrivals: each(service, |window| window.arrivals),
        completions: each(service, |window| window.completions),
        rejected: each(service, |window| window.rejected),
        useful: each(service, |window| window.useful),
        queue_mean: mean(|window| window.waiting),
        in_service_mean: mean(|window| window.in_service),
        utilisation: each(service, ServiceCounters::utilisation),
        wasted_share: each(service, ServiceCounters::wasted_share),
        wait_ns: each(service, ServiceCounters::mean_wait),
        replica_arrivals: service.replica_arrivals.clone(),
        figures: figures::series(service, &spans),
    }
}

/// The width of each window, in nanoseconds.
fn spans(windows: &Windows, measured: &Measured) -> Vec<u128> {
    (0..windows.count(measured.end))
        .map(|index| {
            let until = windows.edge(index + 1).min(measured.end);
            until.since(windows.edge(index)).as_nanos()
        })
        .collect()
}

/// Breakers and instances that changed state.
pub(crate) fn states(measured: &Measured) -> Vec<StateLane> {
    let lane = |(name, lane): (&String, &cascadia_models::measure::Lane)| StateLane {
        name: name.clone(),
        initial: lane.initial.to_owned(),
        changes: lane
            .changes
            .iter()
            .map(|change| StateChange {
                at_ns: change.at.as_nanos(),
                state: change.state.to_owned(),
            })
            .collect(),
        dropped: lane.dropped,
    };
    measured.lanes.iter().map(lane).collect()
}

/// The laws that the run had to keep.
pub(crate) fn invariants(measured: &Measured) -> Vec<Invariant> {
    let invariant = |law: &cascadia_models::measure::Invariant| Invariant {
        name: law.name.clone(),
        passed: law.passed,
        detail: law.detail.clone(),
    };
    measured.invariants.iter().map(invariant).collect()
}

/// What is counted without having a field of its own or being an invariant.
fn further_counts() -> impl Iterator<Item = Count> {
    let told = [Count::Offered, Count::Attempts, Count::Denied, Count::Orphans];
    Count::ALL.into_iter().filter(move |count| !told.contains(count))
}

fn outcomes(counts: &[u64; Ended::ALL.len()]) -> Outcomes {
    Ended::ALL.into_iter().map(|kind| (outcome_kind(kind), counts[kind.index()])).collect()
}

fn outcome_kind(ended: Ended) -> OutcomeKind {
    OutcomeKind::named(ended.name()).expect("results know every way to end")
}

fn latency(histogram: &Histogram) -> Latency {
    let quantile = |p| histogram.supported_quantile(p).map(|value| value as u64);
    Latency {
        mean: histogram.mean(),
        p50: quantile(0.5),
        p90: quantile(0.9),
        p95: quantile(0.95),
        p99: quantile(0.99),
        p999: quantile(0.999),
        p9999: quantile(0.9999),
        max: histogram.max(),
    }
}

fn ratio(integral: u128, span: u128) -> f64 {
    if span == 0 { 0.0 } else { integral as f64 / span as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_the_outcomes_of_models_in_their_order() {
        assert_eq!(Ended::ALL.map(outcome_kind), OutcomeKind::ALL);
    }
}
