//! What a request that was followed went through adds up.

use cascadia::result::{Exemplar, ExemplarKind, OutcomeKind, Span, SpanKind};

use super::{Case, Judge, Rule};

pub(super) const RULES: &[Rule] = &[
    ("who is followed is what it is an example of", examples),
    ("a part lies within what it is part of", within),
    ("the stages of an attempt are all of its time", stages),
    ("an end is told as it was", ends),
    ("who is called for a request is in the file", names),
];

fn spans<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'a Exemplar, usize, &'a Span)> {
    let exemplars = case.result.exemplars.iter();
    exemplars.flat_map(|one| one.spans.iter().enumerate().map(move |(at, span)| (one, at, span)))
}

fn examples(case: &Case<'_>, judge: &mut Judge) {
    for exemplar in &case.result.exemplars {
        let load = &case.result.loads[&exemplar.load];
        let latency = exemplar.latency_ns();
        let is_it = match exemplar.of {
            ExemplarKind::Failed => {
                let first = load.causes.first();
                first.is_some_and(|cause| cause.outcome == exemplar.outcome)
                    && load.latency_all_ns.max.is_some_and(|max| latency <= max)
            }
            ExemplarKind::Slowest => Some(latency) == load.latency_ns.max,
            ExemplarKind::Median => {
                let max = load.latency_ns.max;
                exemplar.outcome == OutcomeKind::Ok && max.is_some_and(|max| latency <= max)
            }
        };
        let request = &exemplar.spans[0];
        let is_whole = request.kind == SpanKind::Request
            && request.outcome == Some(exemplar.outcome)
            && request.parent.is_none()
            && request.name == exemplar.load;
        judge.expect(is_it && is_whole, || {
            format!("{:?} of {}: {latency} ns, {request:?}", exemplar.of, exemplar.load)
        });
    }
    let failed = case.result.loads.values().any(|load| !load.causes.is_empty());
    let mut exemplars = case.result.exemplars.iter();
    let has = exemplars.any(|exemplar| exemplar.of == ExemplarKind::Failed);
    judge.expect(failed == has, || format!("failures: {failed}, an example: {has}"));
}

fn within(case: &Case<'_>, judge: &mut Judge) {
    for (exemplar, at, span) in spans(case).filter(|(_, at, _)| *at > 0) {
        let parent = span.parent.filter(|parent| *parent < at).map(|at| &exemplar.spans[at]);
        let holds = parent.is_some_and(|parent| {
            parent.begin_ns <= span.begin_ns
                && span.begin_ns <= span.end_ns
                && span.end_ns <= parent.end_ns
        });
        judge.expect(holds, || format!("{span:?} in {parent:?}"));
    }
}

fn stages(case: &Case<'_>, judge: &mut Judge) {
    for (exemplar, at, attempt) in spans(case) {
        if !matches!(attempt.kind, SpanKind::Attempt | SpanKind::Copy) {
            continue;
        }
        let parts = exemplar.spans.iter().filter(|part| part.parent == Some(at));
        let parts: Vec<&Span> = parts.filter(|part| part.kind.is_stage()).collect();
        let mut at = attempt.begin_ns;
        let follow =
            parts.iter().all(|part| std::mem::replace(&mut at, part.end_ns) == part.begin_ns);
        let order = parts.iter().map(|part| part.kind as u8).collect::<Vec<_>>();
        let holds = follow && at == attempt.end_ns && order.is_sorted();
        judge.expect(holds, || format!("{attempt:?}: {parts:?}"));
    }
}

fn ends(case: &Case<'_>, judge: &mut Judge) {
    for (_, _, span) in spans(case) {
        let is_called = span.kind.is_called();
        let is_ok = span.outcome == Some(OutcomeKind::Ok);
        let holds =
            (is_called || span.outcome.is_none()) && (is_called && !is_ok) != span.text.is_empty();
        judge.expect(holds, || format!("{span:?}"));
    }
}

fn names(case: &Case<'_>, judge: &mut Judge) {
    for (_, _, span) in spans(case) {
        let service = match span.kind {
            SpanKind::Call => span.name.as_str(),
            SpanKind::Layer => span.name.split_once(" → ").map_or("", |(_, to)| to),
            SpanKind::Attempt | SpanKind::Copy => {
                span.name.rsplit_once('/').map_or("", |(service, _)| service)
            }
            _ => continue,
        };
        let is_known = case.world.services.contains_key(service)
            || case.result.components.contains_key(service);
        judge.expect(is_known, || format!("{span:?}"));
    }
}
