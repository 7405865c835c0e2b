use std::borrow::Cow;

use crate::result::{CheckStatus, Verdict};
use crate::sinks;

/// How the terminal looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Write ANSI colours.
    pub color: bool,
    /// Write characters beyond ASCII.
    pub unicode: bool,
}

/// What a stretch of text means, and so how it is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Bad,
    Doubtful,
    Quiet,
    Strong,
}

/// Where a tone ends.
const END: char = '\u{fdd5}';

/// The marks of tones and their codes on a terminal. The marks are characters that no text has, so that what a name
/// says to a terminal is told from what we say.
const TONES: [(char, Option<Tone>, &str); 6] = [
    ('\u{fdd0}', Some(Tone::Good), "32"),
    ('\u{fdd1}', Some(Tone::Bad), "31;1"),
    ('\u{fdd2}', Some(Tone::Doubtful), "33"),
    ('\u{fdd3}', Some(Tone::Quiet), "2"),
    ('\u{fdd4}', Some(Tone::Strong), "1"),
    (END, None, "0"),
];

/// Whether a character marks a tone, and so is nothing to be seen.
pub(super) fn is_mark(c: char) -> bool {
    TONES.iter().any(|(mark, ..)| *mark == c)
}

impl Look {
    /// Text in a tone; plain where there are no colours.
    pub(super) fn set(self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let begin = TONES.iter().find(|(_, known, _)| *known == Some(tone)).map(|(mark, ..)| mark);
        begin.into_iter().copied().chain(text.chars()).chain([END]).collect()
    }

    /// A line that is put together, as it is printed: with colours in place of their marks, and with nothing else in it
    /// that acts.
    pub(super) fn line(self, line: &str) -> String {
        let line = self.spell(line);
        if !self.color {
            return sinks::line(&line).into_owned();
        }
        let mut colored = String::with_capacity(line.len() + 16);
        let mut is_set = false;
        for piece in line.split_inclusive(is_mark) {
            colored += &sinks::line(piece.trim_end_matches(is_mark));
            let tone = TONES.iter().find(|(mark, ..)| piece.ends_with(*mark));
            if let Some((_, tone, code)) = tone {
                colored += &format!("\u{1b}[{code}m");
                is_set = tone.is_some();
            }
        }
        if is_set {
            colored += "\u{1b}[0m";
        }
        colored
    }

    /// Text for this terminal: without Unicode, our own marks become ASCII; names stay.
    pub(super) fn spell(self, text: &str) -> Cow<'_, str> {
        if self.unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        const MARKS: [(&str, &str); 7] =
            [("→", "->"), ("×", "x"), ("–", "-"), ("—", "-"), ("·", "-"), ("µ", "u"), ("…", "...")];
        let spelled = MARKS
            .into_iter()
            .fold(text.to_owned(), |text, (mark, ascii)| text.replace(mark, ascii));
        Cow::Owned(spelled)
    }

    pub(super) fn check(self, status: CheckStatus) -> String {
        match (status, self.unicode) {
            (CheckStatus::Passed, true) => self.set(Tone::Good, "✓"),
            (CheckStatus::Failed, true) => self.set(Tone::Bad, "✗"),
            (CheckStatus::Passed, false) => self.set(Tone::Good, "+"),
            (CheckStatus::Failed, false) => self.set(Tone::Bad, "x"),
            (CheckStatus::Inconclusive, _) => self.set(Tone::Doubtful, "?"),
        }
    }

    pub(super) fn verdict(self, verdict: Verdict) -> String {
        match verdict {
            Verdict::Passed => self.set(Tone::Good, "PASSED"),
            Verdict::Failed => self.set(Tone::Bad, "FAILED"),
            Verdict::Inconclusive => self.set(Tone::Doubtful, "INCONCLUSIVE"),
        }
    }
}
