//! What is refused, unless it is forced: all limits are here, but for that of replicas.

use cascadia_models::plan::Plan;

use super::cost::{Bill, Cost, bytes, number};
use super::memory::ever;
use crate::diagnostics::{Diagnostic, Label, Report};
use crate::read::File;
use crate::resolve::MOST_REPLICAS;
use crate::text::Span;
use crate::units::duration_text;

/// Half an hour or so of a fast machine.
const MOST_EVENTS: f64 = 5e9;
/// What the least machines have that tests are run on, and room for others.
const MOST_MEMORY: f64 = 1e9;
/// What a browser opens.
const MOST_OUTPUT: f64 = 250e6;
/// Calls of one request.
const MOST_DEPTH: f64 = 1e6;
/// What may be under way in a run, whose bill may be wrong, before it is ended.
const MOST_HELD: u64 = 2_500_000_000;
const MOST_NANOS: u64 = 30 * 86_400_000_000_000;

/// A code, what is said of a cost, the cost, its limit, and how both are written.
type Limit<'a> = (&'static str, &'static str, &'a Cost, f64, fn(f64) -> String);

/// Refuses what costs too much.
pub(crate) fn refuse(plan: &Plan, bill: &Bill, file: &File<'_>, report: &mut Report) {
    too_long(plan, file, report);
    joiners(plan, file, report);
    let Bill { events, memory, output, depth } = bill;
    let limits: [Limit<'_>; 4] = [
        ("S060", "the run would have about {} events", events, MOST_EVENTS, number),
        ("S063", "the run would take about {} of memory", memory, MOST_MEMORY, bytes),
        ("S064", "the results would have about {}", output, MOST_OUTPUT, bytes),
        ("S065", "one request may cause {} calls", depth, MOST_DEPTH, number),
    ];
    for (code, what, cost, most, text) in limits {
        if cost.total > most {
            let said = what.replace("{}", &text(cost.total));
            let diagnostic = error(code, format!("{said}; the limit is {}", text(most)));
            report.push(match &cost.most {
                Some(item) => at(diagnostic, &item.place),
                None => diagnostic,
            });
        }
    }
}

/// Bytes of requests under way at which a run is ended.
pub(crate) const fn most_held(force: bool) -> u64 {
    if force { u64::MAX } else { MOST_HELD }
}

fn error(code: &'static str, message: String) -> Diagnostic {
    Diagnostic::error(code, message).help("make it smaller, or lift the limits with --force")
}

fn at(diagnostic: Diagnostic, place: &Label) -> Diagnostic {
    let span = Span { source: place.source, start: place.start, end: place.end };
    diagnostic.at(span, place.text.clone())
}

/// Refuses what lasts too long.
fn too_long(plan: &Plan, file: &File<'_>, report: &mut Report) {
    let nanos = plan.duration.as_nanos();
    if nanos > MOST_NANOS {
        let node = file.root.get("run").unwrap_or(file.root);
        let text = duration_text(nanos as f64);
        let message = format!("the run lasts {text}; the limit is 30 days (2592000s)");
        report.push(error("S062", message).at(node.span_of("duration"), "too long"));
    }
}

/// Refuses a plan with too many replicas, before selectors go through them.
pub(crate) fn too_many_replicas(plan: &Plan, file: &File<'_>, report: &mut Report) -> bool {
    let sum: u64 = plan.groups().map(|id| u64::from(plan.replicas(id))).sum();
    if sum <= u64::from(MOST_REPLICAS) {
        return false;
    }
    let message = format!("there are {sum} replicas altogether; the limit is {MOST_REPLICAS}");
    let mut diagnostic = error("S061", message);
    let most = plan.services.iter().zip(&file.services).max_by_key(|(plan, _)| plan.replicas);
    if let Some((plan, element)) = most {
        let text = format!("{} of them", plan.replicas);
        diagnostic = diagnostic.at(element.node.span_of("replicas"), text);
    }
    report.push(diagnostic);
    true
}

fn joiners(plan: &Plan, file: &File<'_>, report: &mut Report) {
    let sum: u64 = plan.groups().map(|id| ever(plan, id)).sum();
    let mut scales = file.faults.iter().filter(|(node, _)| node.get("scale").is_some());
    if sum > u64::from(MOST_REPLICAS)
        && let Some((node, _)) = scales.next()
    {
        let message = format!(
            "there may be {sum} replicas in the course of time; the limit is {MOST_REPLICAS}"
        );
        report.push(error("S061", message).at(node.span_of("scale"), "more of them"));
    }
}
