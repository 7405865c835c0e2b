use super::cause::cause;
use crate::critical;
use crate::format;
use crate::result::{Exemplar, ExemplarKind, RunResult, Span, SpanKind};

/// More parts than this are not told, nor those that are less than such a part of the whole.
const PARTS: usize = 3;
const LEAST: u64 = 100;

/// What the time of a request was spent on, in words: the parts that its end was waited for, the longest first, and why
/// it failed if it did.
pub fn exemplar(result: &RunResult, exemplar: &Exemplar) -> String {
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
    let end = why(result, exemplar).map_or_else(String::new, |why| format!("; {why}"));
    match told.is_empty() {
        true => format!("it took no time{end}"),
        false => format!("{}{end}", told.join(", ")),
    }
}

/// Why a request failed: the commonest cause, of which it is the example, or what its user was told.
fn why(result: &RunResult, exemplar: &Exemplar) -> Option<String> {
    let load = result.loads.get(&exemplar.load);
    let commonest = load.and_then(|load| load.causes.first());
    let commonest = commonest.filter(|_| exemplar.of == ExemplarKind::Failed).map(cause);
    let told = exemplar.spans.first().map(|request| request.text.clone());
    commonest.or_else(|| told.filter(|text| !text.is_empty()))
}

/// What goes on in a span, or in one of the stages of `of`.
pub(crate) fn part(of: &Span, span: &Span) -> String {
    let (whom, name) = (&of.name, &span.name);
    match span.kind {
        SpanKind::There if of.outcome.is_none() && span.end_ns == of.end_ns => {
            format!("for a call that did not reach {whom}")
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::result::OutcomeKind;

    fn span(kind: SpanKind, name: &str) -> Span {
        let (name, text) = (name.to_owned(), String::new());
        let outcome = Some(OutcomeKind::Ok);
        Span { parent: Some(0), kind, name, begin_ns: 10, end_ns: 90, outcome, text }
    }

    #[test]
    fn what_its_end_was_waited_for_is_told_with_how_it_ended() {
        let mut followed = fixture::exemplars().remove(0);
        let run = fixture::storm();
        let said = "400 ms waiting for a worker of db/0, 48 ms waiting for the next try; the timeout of gateway → db \
                    stopped waiting for a call that had no worker at db yet";
        assert_eq!(exemplar(&run, &followed), said);
        followed.of = ExemplarKind::Slowest;
        assert!(exemplar(&run, &followed).ends_with("next try; the timeout stopped waiting"));
        followed.spans[0].text.clear();
        assert!(exemplar(&run, &followed).ends_with("next try"));
        followed.spans.truncate(1);
        followed.spans[0].end_ns = followed.spans[0].begin_ns;
        assert_eq!(exemplar(&run, &followed), "it took no time");
        followed.spans.clear();
        assert_eq!(exemplar(&run, &followed), "nothing is known of it");
    }

    #[test]
    fn each_part_says_what_goes_on_in_it() {
        let attempt = span(SpanKind::Attempt, "db/0");
        let said = |kind| part(&attempt, &span(kind, "retry"));
        let stages = [
            (SpanKind::There, "on the way to db/0"),
            (SpanKind::Queue, "waiting for a worker of db/0"),
            (SpanKind::Work, "at work at db/0"),
            (SpanKind::Back, "on the way back from db/0"),
            (SpanKind::Wait, "waiting for the next try"),
            (SpanKind::Layer, "in the retry"),
            (SpanKind::Call, "in the call of retry"),
            (SpanKind::Publish, "publishing to retry"),
            (SpanKind::Ask, "waiting for a reply to retry"),
        ];
        for (kind, words) in stages {
            assert_eq!(said(kind), words);
        }
        assert_eq!(part(&attempt, &span(SpanKind::Wait, "bulkhead")), "waiting in the bulkhead");
    }

    #[test]
    fn only_what_never_arrived_is_said_not_to_have_reached_anybody() {
        let way = span(SpanKind::There, "");
        let given_up = Span { outcome: None, ..span(SpanKind::Attempt, "db/0") };
        assert_eq!(part(&given_up, &way), "for a call that did not reach db/0");
        let arrived = Span { end_ns: 20, ..way };
        assert_eq!(part(&given_up, &arrived), "on the way to db/0");
    }
}
