use cascadia_runtime::Time;

use super::note::Note;
use super::span::{Span, SpanKind};

/// From when to when.
type Stretch = (Time, Time);

/// What is shown of a request, from what was noted of it: itself first, and each of the others behind the one that it
/// is part of.
pub(super) fn spans(notes: &[Note]) -> Vec<Span> {
    let mut parts = vec![Vec::new(); notes.len()];
    for (number, note) in notes.iter().enumerate() {
        if let Some(parent) = note.parent {
            parts[parent as usize].push(number);
        }
    }
    let mut tree = Tree { notes, parts, spans: Vec::new() };
    if let Some(Note { begin, end: Some(end), .. }) = notes.first() {
        tree.add(0, None, (*begin, *end));
    }
    tree.spans
}

struct Tree<'a> {
    notes: &'a [Note],
    /// The numbers of what each is made of.
    parts: Vec<Vec<usize>>,
    spans: Vec<Span>,
}

/// What a span is made of.
enum Part {
    /// Something that was called.
    Called(usize),
    /// Something else that goes on.
    Phase(SpanKind),
}

impl Tree<'_> {
    /// Adds what was noted under a number, as far as it is `within` what it is part of.
    fn add(&mut self, number: usize, parent: Option<usize>, within: Stretch) {
        let stretch = self.cut(number, within);
        if let Some(only) = self.all_that_it_is(number, stretch) {
            return self.add(only, parent, within);
        }
        let note = &self.notes[number];
        let how = note.how.filter(|_| note.end == Some(stretch.1));
        let (ended, said) = (how.map(|how| how.ended), how.and_then(|how| how.said));
        let (begin, end) = stretch;
        let me = Some(self.spans.len());
        self.spans.push(Span { parent, kind: note.what.clone(), begin, end, ended, said });
        let mut parts = self.phases(number, stretch);
        let called = self.called(number, stretch);
        parts.extend(called.map(|number| (self.cut(number, stretch), Part::Called(number))));
        parts.sort_by_key(|((begin, _), _)| *begin);
        // Whoever works on something calls others for it.
        let mut caller = (me, stretch);
        for ((begin, end), part) in parts {
            match part {
                Part::Called(number) => self.add(number, caller.0, caller.1),
                Part::Phase(kind) => {
                    caller = match kind {
                        SpanKind::Work => (Some(self.spans.len()), (begin, end)),
                        _ => (me, stretch),
                    };
                    let (ended, said) = (None, None);
                    self.spans.push(Span { parent: me, kind, begin, end, ended, said });
                }
            }
        }
    }

    /// The part of something that lies within a stretch. What has no end goes on.
    fn cut(&self, number: usize, (from, until): Stretch) -> Stretch {
        let Note { begin, end, .. } = &self.notes[number];
        let begin = (*begin).clamp(from, until);
        (begin, end.unwrap_or(until).clamp(begin, until))
    }

    /// What was called for something, in order, unless that was for a caller that had gone.
    fn called(&self, number: usize, (_, until): Stretch) -> impl Iterator<Item = usize> + use<'_> {
        self.parts[number].iter().copied().filter(move |part| self.notes[*part].begin <= until)
    }

    /// The only thing that a call or a layer did, if it added nothing to that.
    fn all_that_it_is(&self, number: usize, stretch: Stretch) -> Option<usize> {
        let note = &self.notes[number];
        let is_around = matches!(note.what, SpanKind::Call(_) | SpanKind::Layer(..));
        let mut called = self.called(number, stretch).filter(|_| is_around);
        let (only, None) = (called.next()?, called.next()) else { return None };
        let is_same = self.cut(only, stretch) == stretch && self.notes[only].how == note.how;
        is_same.then_some(only)
    }

    /// What goes on in something besides what it calls.
    fn phases(&self, number: usize, stretch: Stretch) -> Vec<(Stretch, Part)> {
        let note = &self.notes[number];
        let phases = match note.what {
            SpanKind::Attempt { .. } => way(note, stretch),
            SpanKind::Layer(kind, _) => self.waits(number, kind, stretch),
            _ => Vec::new(),
        };
        let lasting = phases.into_iter().filter(|((begin, end), _)| begin < end);
        lasting.map(|(stretch, kind)| (stretch, Part::Phase(kind))).collect()
    }

    /// When a layer has called somebody and none of these calls goes on.
    fn waits(
        &self,
        number: usize,
        kind: &'static str,
        stretch: Stretch,
    ) -> Vec<(Stretch, SpanKind)> {
        let (mut since, until) = stretch;
        let mut waits = Vec::new();
        for called in self.called(number, stretch) {
            let (begin, end) = self.cut(called, stretch);
            waits.push(((since, begin), SpanKind::Wait(kind)));
            since = since.max(end);
        }
        if !waits.is_empty() {
            waits.push(((since, until), SpanKind::Wait(kind)));
        }
        waits
    }
}

/// The way of an attempt, as far as it came before its caller had gone.
fn way(note: &Note, (from, until): Stretch) -> Vec<(Stretch, SpanKind)> {
    let next = |moment: Option<Time>, after: Time| moment.unwrap_or(after).clamp(from, after);
    let back = next(note.answered, until);
    let work = next(note.begun, back);
    let queue = next(note.arrived, work);
    vec![
        ((from, queue), SpanKind::There),
        ((queue, work), SpanKind::Queue),
        ((work, back), SpanKind::Work),
        ((back, until), SpanKind::Back),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::note::End;
    use super::*;
    use crate::exchange::Ended;
    use crate::ids::{Instance, LoadId, ServiceId};

    const DB: ServiceId = ServiceId(0);
    const REQUEST: SpanKind = SpanKind::Request(LoadId(0));
    const RETRY: SpanKind = SpanKind::Layer("retry", DB);
    const TRY: SpanKind = SpanKind::Attempt { to: Instance { service: DB, replica: 0 }, copy: 0 };

    fn at(nanos: u64) -> Time {
        Time::from_nanos(nanos)
    }

    /// Something that began and ended well then, or without an end where its caller has gone.
    fn note(parent: Option<u32>, what: SpanKind, begin: u64, end: Option<u64>) -> Note {
        let how = End { ended: Ended::Ok, said: None };
        let end = end.map(at);
        Note { end, how: end.map(|_| how), ..Note::new(parent, what, at(begin)) }
    }

    fn shown(notes: &[Note]) -> Vec<(Option<usize>, SpanKind, u64, u64)> {
        let shown =
            |span: Span| (span.parent, span.kind, span.begin.as_nanos(), span.end.as_nanos());
        spans(notes).into_iter().map(shown).collect()
    }

    #[test]
    fn what_adds_nothing_is_not_shown() {
        let notes = [
            note(None, REQUEST, 10, Some(90)),
            note(Some(0), SpanKind::Call(DB), 10, Some(90)),
            note(Some(1), RETRY, 10, Some(90)),
            note(Some(2), TRY, 10, Some(90)),
        ];
        let [request, attempt, way] = &shown(&notes)[..] else { panic!("{:?}", shown(&notes)) };
        assert_eq!(*request, (None, REQUEST, 10, 90));
        assert_eq!(*attempt, (Some(0), TRY, 10, 90));
        assert_eq!(*way, (Some(1), SpanKind::There, 10, 90), "it never arrived");
    }

    #[test]
    fn a_layer_that_tries_again_waits_between() {
        let notes = [
            note(None, REQUEST, 0, Some(90)),
            note(Some(0), RETRY, 0, Some(90)),
            note(Some(1), TRY, 0, Some(20)),
            note(Some(1), TRY, 50, Some(90)),
        ];
        let waits: Vec<_> =
            spans(&notes).into_iter().filter(|span| span.kind == SpanKind::Wait("retry")).collect();
        let [wait] = &waits[..] else { panic!("{waits:?}") };
        assert_eq!((wait.parent, wait.begin, wait.end), (Some(1), at(20), at(50)));
    }

    #[test]
    fn the_stages_of_an_attempt_follow_each_other() {
        let moments = |arrived, begun, answered| Note {
            arrived: Some(at(arrived)),
            begun: Some(at(begun)),
            answered: Some(at(answered)),
            ..note(Some(0), TRY, 0, Some(90))
        };
        let stages = |attempt| {
            let shown = shown(&[note(None, REQUEST, 0, Some(90)), attempt]);
            shown[2..]
                .iter()
                .map(|(_, kind, begin, end)| (kind.clone(), *begin, *end))
                .collect::<Vec<_>>()
        };
        let [there, queue, work, back] =
            [SpanKind::There, SpanKind::Queue, SpanKind::Work, SpanKind::Back];
        let all =
            [(there.clone(), 0, 5), (queue.clone(), 5, 30), (work, 30, 80), (back.clone(), 80, 90)];
        assert_eq!(stages(moments(5, 30, 80)), all);
        let refused = Note { begun: None, ..moments(5, 0, 7) };
        assert_eq!(stages(refused), [(there.clone(), 0, 5), (queue.clone(), 5, 7), (back, 7, 90)]);
        let given_up = Note { begun: None, answered: None, how: None, ..moments(5, 0, 0) };
        assert_eq!(stages(given_up), [(there, 0, 5), (queue, 5, 90)]);
    }

    #[test]
    fn what_goes_on_for_a_caller_that_has_gone_is_cut_off() {
        let notes = [
            note(None, REQUEST, 0, Some(50)),
            note(Some(0), RETRY, 0, Some(50)),
            Note { how: None, ..note(Some(1), TRY, 0, Some(50)) },
            note(Some(2), TRY, 20, Some(80)),
            note(Some(2), TRY, 60, Some(70)),
        ];
        let spans = spans(&notes);
        let inner = spans.iter().filter(|span| span.parent == Some(2) && span.kind == TRY);
        let inner: Vec<_> = inner.map(|span| (span.begin, span.end, span.ended)).collect();
        assert_eq!(inner, [(at(20), at(50), None)]);
    }
}
