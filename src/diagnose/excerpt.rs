//! What is shown of a source around a place.

use std::borrow::Cow;

use cascadia_reports::sinks::{acts, line};
use cascadia_scenarios::{Label, Source};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::position::Positions;

/// From this length on a line is not shown in full. What draws the labels counts columns in 16
/// bits, and nobody reads a line of thousands.
const LONG: usize = 200;
/// How much of a long line is shown on each side of a place.
const AROUND: usize = 50;
/// How much of a place is marked, at most.
const MARKED: usize = 100;
/// Places in long lines from the beginning of one to the end of the other at most so long are shown together.
const TOGETHER: usize = 100;
/// Places over at most so many short lines are shown with all that is between them.
const LINES: usize = 12;

/// A source that shows no long line in full, and nothing that acts.
#[derive(Debug)]
pub(super) struct Excerpts<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
    has_long_lines: bool,
}

impl<'a> Excerpts<'a> {
    pub(super) fn of(source: Option<&'a Source>) -> Self {
        let (name, text) = source.map_or(("", ""), |source| (&*source.name, &*source.text));
        let has_long_lines = text.lines().any(|line| line.len() > LONG);
        Self { name: line(name), text: harmless(text), has_long_lines }
    }

    /// What of a label is marked: of a long one its beginning.
    pub(super) fn marked(&self, label: &Label) -> (usize, usize) {
        let whole = self.text.get(label.start..label.end).unwrap_or_default();
        let is_short = whole.len() <= MARKED && whole.lines().count() <= LINES;
        if is_short && !self.has_long_lines {
            return (label.start, whole.len());
        }
        let end = self.text.floor_char_boundary(label.end.min(label.start + MARKED));
        let marked = &self.text[label.start..end];
        (label.start, marked.lines().next().unwrap_or_default().len())
    }

    /// The bytes that are shown around a place, in its own lines.
    fn around(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at);
        let from = self.text.ceil_char_boundary(start.saturating_sub(AROUND));
        (first.max(from), last.min(self.text.floor_char_boundary(end + AROUND)))
    }
}

impl SourceCode for Excerpts<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let name = self.name.clone().into_owned();
        if !self.has_long_lines {
            let within = self.text.get(span.offset()..span.offset() + span.len());
            if within.is_none_or(|within| within.lines().count() > LINES) {
                return Err(MietteError::OutOfBounds);
            }
            let found = self.text.read_span(span, before, after)?;
            let (line, column, lines) = (found.line(), found.column(), found.line_count());
            let (data, span) = (found.data(), *found.span());
            let named = MietteSpanContents::new_named(name, data, span, line, column, lines);
            return Ok(Box::new(named));
        }
        if span.len() > TOGETHER || span.offset() + span.len() > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (start, end) = (span.offset(), span.offset() + span.len());
        // Without lines around it, it is asked where the place itself is.
        let (from, to) = if before == 0 { (start, end) } else { self.around(start, end) };
        let shown = &self.text[from..to];
        let (line, column) = Positions::of(&self.text).at(from);
        let span = SourceSpan::new(from.into(), shown.len());
        let (data, lines) = (shown.as_bytes(), shown.lines().count());
        let named = MietteSpanContents::new_named(name, data, span, line - 1, column - 1, lines);
        Ok(Box::new(named))
    }
}

/// The text with something in place of what acts, and of what a log may take for a command, that is as long.
fn harmless(text: &str) -> Cow<'_, str> {
    let wrong = |c: char| acts(c) && c != '\n';
    let text = match text.contains(wrong) {
        false => Cow::Borrowed(text),
        true => {
            let piece = |c: char| match wrong(c) {
                true if c.is_ascii_whitespace() => " ".to_owned(),
                true => "?".repeat(c.len_utf8()),
                false => c.to_string(),
            };
            Cow::Owned(text.chars().map(piece).collect())
        }
    };
    if text.contains("##") { Cow::Owned(text.replace("##", "#?")) } else { text }
}
