//! Requests that were followed, in words.

use cascadia_models::plan::{Instance, LoadId, Plan};
use cascadia_models::trace::{self, Said, Trace};
use cascadia_reports::result::{Exemplar, ExemplarKind, OutcomeKind, Span, SpanKind};

use super::outcome_kind;

/// A request of `load` that was followed as an example of something.
pub(crate) fn exemplar(plan: &Plan, load: LoadId, of: ExemplarKind, trace: &Trace) -> Exemplar {
    let ended = trace.spans.first().and_then(|request| request.ended);
    Exemplar {
        of,
        load: plan.loads[load.0 as usize].name.clone(),
        request: format!("{:016x}", trace.key),
        outcome: ended.map_or(OutcomeKind::Unfinished, outcome_kind),
        spans: trace.spans.iter().map(|span| part(plan, span)).collect(),
        left_out: trace.left_out,
    }
}

fn part(plan: &Plan, span: &trace::Span) -> Span {
    let (kind, name) = what(plan, &span.kind);
    let text = match (span.ended, span.said) {
        (_, Some(said)) => words(said),
        (None, None) if kind.is_called() => "its caller had gone".to_owned(),
        _ => String::new(),
    };
    Span {
        parent: span.parent,
        kind,
        name,
        begin_ns: span.begin.as_nanos(),
        end_ns: span.end.as_nanos(),
        outcome: span.ended.map(outcome_kind),
        text,
    }
}

/// What goes on, and with whom.
fn what(plan: &Plan, kind: &trace::SpanKind) -> (SpanKind, String) {
    let spoken = |kind: &str| kind.replace('_', " ");
    match kind {
        trace::SpanKind::Request(load) => {
            (SpanKind::Request, plan.loads[load.0 as usize].name.clone())
        }
        trace::SpanKind::Call(to) => (SpanKind::Call, plan.name(*to).to_owned()),
        trace::SpanKind::Layer(kind, to) => {
            (SpanKind::Layer, format!("{} → {}", spoken(kind), plan.name(*to)))
        }
        trace::SpanKind::Wait(kind) => (SpanKind::Wait, spoken(kind)),
        trace::SpanKind::Attempt { to: Instance { service, replica }, copy } => {
            let kind = if *copy > 0 { SpanKind::Copy } else { SpanKind::Attempt };
            (kind, format!("{}/{replica}", plan.name(*service)))
        }
        trace::SpanKind::There => (SpanKind::There, String::new()),
        trace::SpanKind::Queue => (SpanKind::Queue, String::new()),
        trace::SpanKind::Work => (SpanKind::Work, String::new()),
        trace::SpanKind::Back => (SpanKind::Back, String::new()),
        trace::SpanKind::Publish(topic) => (SpanKind::Publish, topic.clone()),
        trace::SpanKind::Ask(topic) => (SpanKind::Ask, topic.clone()),
    }
}

fn words(said: Said) -> String {
    let spoken = |name: &str| name.replace('_', " ");
    match said {
        Said::Refused(by, why) => {
            format!("the {} refused: {}", spoken(by.name()), spoken(why.name()))
        }
        Said::GaveUp(by) => format!("the {} stopped waiting", spoken(by.name())),
        Said::Error(kind) => format!("answered: {}", spoken(kind.name())),
        Said::Unconfirmed => "it was not confirmed".to_owned(),
    }
}
