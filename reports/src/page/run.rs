use maud::{Markup, html};

use super::layout::{banner, figures, page, verdict};
use super::{answers, components, policies, recoveries, tables};
use crate::charts::Chart;
use crate::format;
use crate::result::{OutcomeKind, RunResult};
use crate::story::{commonest, culprit, events, falls, storm, timeline};
use crate::windows::Windows;

/// The page of a run with its charts.
pub fn run(result: &RunResult, charts: &[Chart]) -> String {
    let variant = result.variant.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
    let name = format!("{}{variant}", result.scenario);
    let time = (result.series.start_ns, result.series.end_ns);
    let measured = (Windows::of(&result.series).len() > 0).then_some(time);
    page(
        &format!("{name} seed {}", result.seed),
        html! {
            (banner(verdict(result.verdict), &name, &facts(result), result.question.as_deref(),
                Some(&result.reproduce)))
            (warnings(&result.warnings))
            (tables::checks(result))
            (happened(result))
            section {
                h2 { "Charts" }
                (figures(charts, measured))
                (story(result))
            }
            (recoveries::table(result))
            (tables::services(result))
            (components::table(result))
            (policies::table(result))
            (tables::loads(&result.loads))
            (answers::table(result))
            (tables::errors(result))
            (scenario(result))
            (method(result))
            (provenance(result))
        },
    )
}

fn facts(result: &RunResult) -> String {
    let offered: u64 = result.loads.values().map(|load| load.offered).sum();
    let interrupted =
        if result.interrupted { " · interrupted: all figures are partial" } else { "" };
    format!(
        "seed {} · {} simulated · {} services · {} requests offered{interrupted}",
        result.seed,
        format::duration(result.simulated_ns as f64),
        result.services.len(),
        format::count(offered)
    )
}

pub(super) fn warnings(warnings: &[String]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            ul.warnings { @for warning in warnings { li { (warning) } } }
        }
    }
}

fn happened(result: &RunResult) -> Markup {
    let events = events(result);
    let storm = storm(result);
    let culprit = culprit(result);
    let named = storm.sustained || culprit.is_some();
    let commonest = commonest(result).filter(|_| !named);
    html! {
        section {
            h2 { "What happened" }
            @if events.is_empty() {
                p { "No fault was injected, no breaker opened and no instance went down." }
            } @else {
                ol.story {
                    @for event in &events {
                        li { span.when { (format::moment(event.at_ns)) } " " (event.text) }
                    }
                }
            }
            @if let Some(order) = timeline(&falls(result)) { p { "In which order: " (order) } }
            p.storm[storm.sustained] { (storm.text) }
            @if let Some(cause) = culprit.or(commonest) { p.storm { (cause) } }
        }
    }
}

/// The log of the saga that was looked at, beside what was on the wire.
fn story(result: &RunResult) -> Markup {
    let capture = result.capture.as_ref().filter(|capture| !capture.story.is_empty());
    html! {
        @if let Some(capture) = capture {
            h3 { "The log of " (capture.subject()) }
            pre { code { (capture.story.join("\n")) } }
        }
    }
}

fn scenario(result: &RunResult) -> Markup {
    html! {
        section {
            h2 { "Scenario" }
            details {
                summary { "The scenario as it was run, every default filled in" }
                pre { code { (result.resolved) } }
            }
        }
    }
}

fn method(result: &RunResult) -> Markup {
    let ok: u64 =
        result.loads.values().filter_map(|load| load.outcomes.get(&OutcomeKind::Ok)).sum();
    let warmup = format::duration(result.warmup_ns as f64);
    let window = format::duration(result.series.window_ns as f64);
    html! {
        section {
            h2 { "Method" }
            ul {
                li { "Time is simulated. Requests whose intended send lies in the warm-up ("
                    (warmup) ") are not counted." }
                li { "Latency runs from the moment at which a request was to be sent, so that an \
                    overloaded system cannot hide its delay by slowing its callers down." }
                li { "Latency percentiles are of requests that ended in ok (n = "
                    (format::count(ok)) "), and of all requests where a check says all_p…; they \
                    are from a histogram with interpolation inside a bin, and one is given only \
                    where at least ten samples lie beyond it." }
                li { "Series are over windows of " (window) ": requests count as offered in the \
                    window of their intended send, and as ended in the window of their end." }
                li { "Baseline is the share of what a load offered that ended in ok, from the \
                    warm-up to the first fault, of what is offered at each moment; of clients that \
                    wait for their answers it is mean goodput. A load has recovered when over \
                    5 s its goodput is no longer measurably below 95 % of that, nor more than half \
                    of what succeeds measurably slower than twice the median of then, by more than \
                    three standard deviations, until the next fault, a change of the load by plan, \
                    or the end." }
                li { "A service falls when it gives measurably less than half of the answers of use \
                    (success, to a caller who still waits) that it gave before the first fault, as far \
                    as those loads still send whose requests come to it; it is back when it does so no \
                    more." }
            }
        }
    }
}

fn provenance(result: &RunResult) -> Markup {
    let facts = [
        ("Simulator", format!("cascadia {}", result.version)),
        ("Result format", result.format.to_string()),
        ("Scenario digest", result.scenario_digest.clone()),
        ("Seed", result.seed.to_string()),
        ("Engine", result.engine.name().to_owned()),
        ("Run digest", result.digest.clone()),
        ("Model events", format::count(result.events)),
    ];
    html! {
        section.provenance {
            h2 { "Provenance" }
            dl { @for (name, value) in &facts { dt { (name) } dd { code { (value) } } } }
            p { "The same scenario, seed, version and engine give the same digest on any machine." }
        }
    }
}
