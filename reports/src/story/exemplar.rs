use crate::critical;
use crate::format;
use crate::result::{Exemplar, Span, SpanKind};

/// More parts than this are not told, nor those that are less than such a part of the whole.
const PARTS: usize = 3;
const LEAST: u64 = 100;

/// What the time of a request was spent on, in words: the parts that its end was waited for, the longest first.
pub fn exemplar(exemplar: &Exemplar) -> String {
    let spans = &exemplar.spans;
    let Some(request) = spans.first() else { return "nothing is known of it".to_owned() };
    let mut parts: Vec<(String, u64)> = Vec::new();
    for stretch in critical::path(spans).iter().rev() {
        let own = &spans[stretch.span];
        let words = part(own.parent.map_or(own, |parent| &spans[parent]), own);
        let nanos = stretch.to_ns - stretch.from_ns;
        match parts.iter_mut().find(|(known, _)| *known == words) {
            Some((_, sum)) => *sum += nanos,
            None => parts.push((words, nanos)),
        }
    }
    parts.sort_by_key(|(_, nanos)| std::cmp::Reverse(*nanos));
    let told = parts.iter().filter(|(_, nanos)| nanos * LEAST >= request.nanos()).take(PARTS);
    let told = told.map(|(words, nanos)| format!("{} {words}", format::duration(*nanos as f64)));
    let told: Vec<String> = told.collect();
    let end = match request.text.as_str() {
        "" => String::new(),
        text => format!("; {text}"),
    };
    match told.is_empty() {
        true => format!("it took no time{end}"),
        false => format!("{}{end}", told.join(", ")),
    }
}

/// What goes on in a span, or in one of the stages of `of`.
pub(crate) fn part(of: &Span, span: &Span) -> String {
    let (whom, name) = (&of.name, &span.name);
    match span.kind {
        SpanKind::There => format!("on the way to {whom}"),
        SpanKind::Queue => format!("waiting for a worker of {whom}"),
        SpanKind::Work => format!("at work at {whom}"),
        SpanKind::Back => format!("on the way back from {whom}"),
        SpanKind::Wait if name == "retry" => "waiting for the next try".to_owned(),
        SpanKind::Wait => format!("waiting in the {name}"),
        SpanKind::Layer => format!("in the {name}"),
        SpanKind::Publish => format!("publishing to {name}"),
        SpanKind::Ask => format!("waiting for a reply to {name}"),
        SpanKind::Call => format!("in the call of {name}"),
        SpanKind::Request | SpanKind::Attempt | SpanKind::Copy => format!("at {name}"),
    }
}
