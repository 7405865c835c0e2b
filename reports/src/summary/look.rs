use std::borrow::Cow;

use crate::result::{CheckStatus, Verdict};

/// How the terminal looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Write ANSI colours.
    pub color: bool,
    /// Write characters beyond ASCII.
    pub unicode: bool,
}

/// What a stretch of text means, and so how it is set.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Good,
    Bad,
    Doubtful,
    Quiet,
    Strong,
}

impl Look {
    /// Text in a tone; plain where there are no colours.
    pub(super) fn set(self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31;1",
            Tone::Doubtful => "33",
            Tone::Quiet => "2",
            Tone::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
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
