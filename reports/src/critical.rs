//! What a request waited for until it ended.

use crate::result::Span;

/// A stretch of time in which a request waited for one of its parts, and for nothing within that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The part, as a position among the spans.
    pub(crate) span: usize,
    pub(crate) from_ns: u64,
    pub(crate) to_ns: u64,
}

/// The critical path of a request: whatever would have had to be faster for the request to end earlier. Its stretches are the
/// whole time of the request, from its end to its beginning.
pub(crate) fn path(spans: &[Span]) -> Vec<Stretch> {
    let mut parts = vec![Vec::new(); spans.len()];
    for (at, span) in spans.iter().enumerate() {
        if let Some(parent) = span.parent.filter(|parent| *parent < at) {
            parts[parent].push(at);
        }
    }
    let mut path = Vec::new();
    if !spans.is_empty() {
        back(spans, &parts, 0, &mut path);
    }
    path
}

/// From the end of a span back to its beginning: at each moment it waited for the part that ended last before.
fn back(spans: &[Span], parts: &[Vec<usize>], span: usize, path: &mut Vec<Stretch>) {
    let Span { begin_ns, mut end_ns, .. } = spans[span];
    loop {
        let lasted = |at: &&usize| {
            let part = &spans[**at];
            part.begin_ns < part.end_ns && part.begin_ns >= begin_ns && part.end_ns <= end_ns
        };
        // Of parts that end together, one that has an end was waited for, and not one that was dropped for it.
        let order = |at: &&usize| (spans[**at].end_ns, spans[**at].outcome.is_some(), **at);
        let last = parts[span].iter().filter(lasted).max_by_key(order).copied();
        let since = last.map_or(begin_ns, |last| spans[last].end_ns);
        if since < end_ns {
            path.push(Stretch { span, from_ns: since, to_ns: end_ns });
        }
        let Some(last) = last else { return };
        back(spans, parts, last, path);
        end_ns = spans[last].begin_ns;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::result::{OutcomeKind, SpanKind};

    fn span(parent: Option<usize>, begin_ns: u64, end_ns: u64) -> Span {
        let (kind, name, text) = (SpanKind::Attempt, "db/0".to_owned(), String::new());
        Span { parent, kind, name, begin_ns, end_ns, outcome: Some(OutcomeKind::Ok), text }
    }

    fn of(spans: &[Span]) -> Vec<(usize, u64, u64)> {
        path(spans).iter().map(|it| (it.span, it.from_ns, it.to_ns)).collect()
    }

    #[test]
    fn it_is_the_whole_time_of_the_request() {
        for exemplar in fixture::exemplars() {
            let path = path(&exemplar.spans);
            let mut until = exemplar.spans[0].end_ns;
            for stretch in path {
                assert_eq!(stretch.to_ns, until);
                until = stretch.from_ns;
            }
            assert_eq!(until, exemplar.spans[0].begin_ns);
        }
        assert!(path(&[]).is_empty());
    }

    #[test]
    fn it_goes_by_what_ended_last() {
        let spans = [
            span(None, 0, 100),
            span(Some(0), 0, 30),
            span(Some(0), 10, 80),
            span(Some(2), 20, 60),
        ];
        assert_eq!(of(&spans), [(0, 80, 100), (2, 60, 80), (3, 20, 60), (2, 10, 20), (0, 0, 10)]);
    }

    #[test]
    fn who_was_dropped_for_another_was_not_waited_for() {
        let dropped = Span { outcome: None, ..span(Some(0), 0, 100) };
        let spans = [span(None, 0, 100), span(Some(0), 40, 100), dropped];
        assert_eq!(of(&spans), [(1, 40, 100), (0, 0, 40)]);
    }
}
