use std::collections::BTreeSet;

use crate::critical;
use crate::format;
use crate::result::{OutcomeKind, Span, SpanKind};

/// More rows than this are not drawn.
const ROWS: usize = 40;

/// A call with its stages.
pub(super) struct Row<'a> {
    pub(super) span: &'a Span,
    /// How many calls it is part of.
    pub(super) depth: usize,
    /// What goes on in it that has no row of its own.
    pub(super) stages: Vec<&'a Span>,
    /// The end of the request was waited for it.
    pub(super) is_critical: bool,
}

impl Row<'_> {
    pub(super) fn label(&self) -> String {
        let name = &self.span.name;
        match self.span.kind {
            SpanKind::Call => format!("call {name}"),
            SpanKind::Copy => format!("{name}, a copy"),
            SpanKind::Publish => format!("publish {name}"),
            SpanKind::Ask => format!("ask {name}"),
            _ => name.clone(),
        }
    }

    /// How long, and how it ended where that was not well.
    pub(super) fn took(&self) -> String {
        let took = format::duration(self.span.nanos() as f64);
        match self.span.outcome {
            Some(OutcomeKind::Ok) => took,
            Some(outcome) => format!("{took} {}", outcome.label()),
            None => format!("{took} given up"),
        }
    }
}

/// The rows of a request, and how many more there are. Where there are too many, those that the end was waited for come
/// first, and then the outer ones.
pub(super) fn rows(spans: &[Span]) -> (Vec<Row<'_>>, usize) {
    let critical = critical_spans(spans);
    let mut depths: Vec<usize> = Vec::with_capacity(spans.len());
    for span in spans {
        let own = usize::from(has_row(span));
        depths.push(span.parent.map_or(0, |parent| depths[parent] + own));
    }
    let mut all: Vec<usize> = (0..spans.len()).filter(|at| has_row(&spans[*at])).collect();
    let more = all.len().saturating_sub(ROWS);
    all.sort_by_key(|at| (!critical.contains(at), depths[*at], *at));
    all.truncate(ROWS);
    all.sort_unstable();
    let row = |at: usize| Row {
        span: &spans[at],
        depth: depths[at],
        stages: spans.iter().filter(|part| part.parent == Some(at) && !has_row(part)).collect(),
        is_critical: critical.contains(&at),
    };
    (all.into_iter().map(row).collect(), more)
}

/// What is on its way, waits or is worked on is drawn in the row of the call of which that is said.
const fn has_row(span: &Span) -> bool {
    span.kind.is_called()
}

/// The spans that the end was waited for, and those that they are part of.
fn critical_spans(spans: &[Span]) -> BTreeSet<usize> {
    let mut critical = BTreeSet::new();
    for stretch in critical::path(spans) {
        let ups = std::iter::successors(Some(stretch.span), |at| spans[*at].parent);
        for at in ups {
            if !critical.insert(at) {
                break;
            }
        }
    }
    critical
}
