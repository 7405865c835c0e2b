use std::collections::BTreeMap;

use maud::{Markup, html};

use super::layout::{mark, outcome_variable};
use crate::coverage::left_uncovered;
use crate::format;
use crate::occurring;
use crate::result::{
    CheckResult, CheckStatus, Latency, LoadResult, OutcomeKind, RunResult, ServiceResult,
};
use crate::story::cause;

const NONE: &str = "—";

/// A cell of figures: how it reads, and by what it sorts.
#[derive(Clone)]
pub(super) struct Figure {
    text: String,
    value: Option<f64>,
}

pub(super) fn figure(value: Option<f64>, text: fn(f64) -> String) -> Figure {
    Figure { text: value.map_or_else(|| NONE.to_owned(), text), value }
}

pub(super) fn counted(value: u64) -> Figure {
    Figure { text: format::count(value), value: Some(value as f64) }
}

fn timed(value: Option<u64>) -> Figure {
    figure(value.map(|ns| ns as f64), format::duration)
}

fn shared(count: u64, of: u64) -> Figure {
    figure((of > 0).then(|| count as f64 / of as f64), format::share)
}

/// A table of figures by name, sortable where scripts run.
pub(super) fn sortable(heads: &[Markup], rows: Vec<(String, Vec<Figure>)>) -> Markup {
    html! {
        div.scroll { table.sortable {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody {
                @for (name, figures) in rows {
                    tr {
                        th scope="row" { (name) }
                        (cells(&figures))
                    }
                }
            }
        } }
    }
}

pub(super) fn cells(figures: &[Figure]) -> Markup {
    html! { @for figure in figures { td data-value=[figure.value] { (figure.text) } } }
}

fn heads<const N: usize>(names: [&str; N]) -> [Markup; N] {
    names.map(|name| html! { (name) })
}

/// The name of a count or a figure, as a heading.
fn label(name: &str) -> String {
    format::capitalised(&name.replace('_', " "))
}

/// Checks and invariants.
pub(super) fn checks(result: &RunResult) -> Markup {
    html! {
        section {
            h2 { "Checks" }
            @if result.checks.is_empty() {
                p { "The scenario has no checks." }
            } @else {
                div.scroll { table {
                    thead { tr {
                        th scope="col" {}
                        th.text scope="col" { "Check" }
                        @for head in ["Measured", "Bound", "Margin", "Over"] {
                            th scope="col" { (head) }
                        }
                    } }
                    tbody { @for check in &result.checks { (check_row(check)) } }
                } }
            }
            @if !result.invariants.is_empty() {
                h3 { "Invariants" }
                ul.invariants {
                    @for law in &result.invariants {
                        @let status =
                            if law.passed { CheckStatus::Passed } else { CheckStatus::Failed };
                        li { (mark(status)) " " strong { (law.name) } " " span.muted { (law.detail) } }
                    }
                }
            }
        }
    }
}

fn check_row(check: &CheckResult) -> Markup {
    html! {
        tr {
            td { (mark(check.status)) }
            th scope="row" { (check.subject) " " code { (check.expression) } }
            td { (check.measured_text) }
            td { (check.bound_text) }
            td { (margin(check)) }
            td { (format::span(check.window_start_ns, check.window_end_ns)) }
        }
    }
}

/// How far the measured value is from the bound, on which side.
fn margin(check: &CheckResult) -> String {
    let Some(measured) = check.measured else { return NONE.to_owned() };
    let distance = (measured - check.bound).abs();
    let far = if check.bound_text.trim_end().ends_with('%') {
        format!("{} points", format::number(distance * 100.0))
    } else if check.bound == 0.0 {
        format::number(distance)
    } else {
        format::share(distance / check.bound.abs())
    };
    format!("{far} {}", if check.passed { "inside" } else { "beyond" })
}

/// Every service over the whole run.
pub(super) fn services(result: &RunResult) -> Markup {
    let heads = heads([
        "Service",
        "Replicas",
        "Arrivals",
        "Worked off",
        "Rejected",
        "Utilisation",
        "Queue mean",
        "Queue max",
        "In service",
        "Mean wait",
        "Wasted",
        "Wasted share",
    ]);
    let figures = occurring::figures(&result.services);
    let further = figures.iter().map(|name| html! { (label(name)) });
    let heads: Vec<Markup> = heads.into_iter().chain(further).collect();
    let row = |service: &ServiceResult| {
        let mut row = vec![
            counted(service.replicas.len() as u64),
            counted(service.arrivals),
            counted(service.completions),
            counted(service.rejected),
            figure(service.utilisation, format::share),
            figure(Some(service.queue_mean), format::number),
            counted(service.queue_max),
            figure(Some(service.in_service_mean), format::number),
            figure(service.wait_ns, format::duration),
            counted(service.wasted),
            figure(service.wasted_share, format::share),
        ];
        let further = |name: &&str| service.figures.get(*name).copied();
        row.extend(figures.iter().map(|name| figure(further(name), format::figure(name))));
        row
    };
    let rows = result.services.iter().map(|(name, one)| (name.clone(), row(one))).collect();
    html! { section { h2 { "Services" } (sortable(&heads, rows)) } }
}

/// Every load: how its requests ended, and how long the successful ones took.
pub(super) fn loads(loads: &BTreeMap<String, LoadResult>) -> Markup {
    let mut head = heads(["Load", "Offered"]).to_vec();
    let kinds = occurring::outcomes(loads);
    let counts = occurring::counts(loads);
    head.extend(kinds.iter().map(|&kind| outcome(kind)));
    head.extend(counts.iter().map(|name| html! { (label(name)) }));
    head.extend(heads(["Attempts per request", "Mean", "p50", "p95", "p99", "p99.9", "Max"]));
    let row = |load: &LoadResult| {
        let ended = |kind| load.outcomes.get(&kind).copied().unwrap_or(0);
        let tries = (load.offered > 0).then(|| load.attempts as f64 / load.offered as f64);
        let latency = &load.latency_ns;
        let mut row = vec![counted(load.offered)];
        row.extend(kinds.iter().map(|&kind| shared(ended(kind), load.offered)));
        row.extend(counts.iter().map(|name| {
            let count = load.counts.get(*name).copied().unwrap_or(0);
            shared(count, load.offered)
        }));
        row.push(figure(tries, format::number));
        row.push(figure(latency.mean, format::duration));
        let quantiles = [latency.p50, latency.p95, latency.p99, latency.p999, latency.max];
        row.extend(quantiles.map(timed));
        row
    };
    let rows = loads.iter().map(|(name, load)| (name.clone(), row(load))).collect();
    html! { section { h2 { "Loads" } (sortable(&head, rows)) (uncovered(loads)) } }
}

/// Whose latencies are those of few, and what those of all are.
fn uncovered(loads: &BTreeMap<String, LoadResult>) -> Markup {
    let of_few = loads.iter().filter_map(|(name, load)| Some((name, load, left_uncovered(load)?)));
    let notes = of_few.map(|(name, load, share)| {
        let Latency { p50, p95, p99, max, .. } = load.latency_all_ns;
        let all = [("p50", p50), ("p95", p95), ("p99", p99), ("max", max)];
        let all = all.iter().filter_map(|(what, ns)| {
            Some(format!("{what} {}", format::duration((*ns)? as f64)))
        });
        let all: Vec<String> = all.collect();
        let share = format::share(share);
        format!(
            "The latencies of {name} are only of the {share} of its requests that ended in ok. Of all, until they were \
             told: {}.",
            all.join(", ")
        )
    });
    html! { @for note in notes { p.muted { (note) } } }
}

/// Every way of not succeeding that occurred.
pub(super) fn errors(result: &RunResult) -> Markup {
    let rows: Vec<Failed<'_>> =
        result.loads.iter().flat_map(|(name, load)| failed(name, load)).collect();
    html! {
        section {
            h2 { "Errors" }
            @if rows.is_empty() {
                p { "Every request ended in ok." }
            } @else {
                div.scroll { table.sortable {
                    thead { tr {
                        @for head in ["Load", "Outcome", "Why"] { th.text scope="col" { (head) } }
                        @for head in ["Requests", "Share of offered"] { th scope="col" { (head) } }
                    } }
                    tbody { @for Failed { name, kind, why, count, offered } in rows {
                        tr {
                            th scope="row" { (name) }
                            td.text { (outcome(kind)) }
                            td.text { (why) }
                            td data-value=(count) { (format::count(count)) }
                            td data-value=(count as f64 / offered.max(1) as f64) {
                                (shared(count, offered).text)
                            }
                        }
                    } }
                } }
            }
        }
    }
}

/// Requests that did not succeed, in one way and for one reason.
struct Failed<'a> {
    name: &'a str,
    kind: OutcomeKind,
    why: String,
    count: u64,
    offered: u64,
}

fn failed<'a>(name: &'a str, load: &LoadResult) -> Vec<Failed<'a>> {
    let row = |kind, why, count| Failed { name, kind, why, count, offered: load.offered };
    let unfinished = load.outcomes.get(&OutcomeKind::Unfinished).copied().unwrap_or(0);
    let cut_off = row(OutcomeKind::Unfinished, "the run ended first".to_owned(), unfinished);
    let causes = load.causes.iter();
    let mut rows: Vec<_> =
        causes.map(|known| row(known.outcome, cause(known), known.count)).collect();
    rows.extend((unfinished > 0).then_some(cut_off));
    rows
}

/// An outcome with its colour.
fn outcome(kind: OutcomeKind) -> Markup {
    html! {
        span.outcome {
            span.swatch style={ "background:var(--" (outcome_variable(kind)) ")" } {}
            (kind.label())
        }
    }
}
