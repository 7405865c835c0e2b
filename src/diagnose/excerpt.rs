//! What is shown of a source around a place.

use cascadia_scenarios::{Label, Source};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// From this length on a line is not shown in full. What draws the labels counts columns in 16
/// bits, and nobody reads a line of thousands.
const LONG: usize = 1_000;
/// How much of a long line is shown on each side of a place.
const AROUND: usize = 60;
/// How much of a place in a text with long lines is marked.
const MARKED: usize = 100;
/// Places from the beginning of one to the end of the other at most so long are shown together.
const TOGETHER: usize = 300;

/// A source that shows no long line in full.
#[derive(Debug)]
pub(crate) struct Excerpts<'a> {
    name: &'a str,
    text: &'a str,
    has_long_lines: bool,
}

impl<'a> Excerpts<'a> {
    pub(crate) fn of(source: Option<&'a Source>) -> Self {
        let (name, text) = source.map_or(("", ""), |source| (&*source.name, &*source.text));
        Self { name, text, has_long_lines: text.lines().any(|line| line.len() > LONG) }
    }

    /// What of a label is marked: where there are long lines, its beginning.
    pub(crate) fn marked(&self, label: &Label) -> (usize, usize) {
        if !self.has_long_lines {
            return (label.start, label.end - label.start);
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
        let name = self.name.to_owned();
        if !self.has_long_lines {
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
        let (line, column) = position(self.text, from);
        let span = SourceSpan::new(from.into(), shown.len());
        let (data, lines) = (shown.as_bytes(), shown.lines().count());
        let named = MietteSpanContents::new_named(name, data, span, line - 1, column - 1, lines);
        Ok(Box::new(named))
    }
}

/// Line and column of a byte offset, from 1; columns count characters.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
