//! What is wrong with a file, and where.

use crate::span::Span;

/// A text that was loaded: the scenario file, or a value given beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, for messages.
    pub name: String,
    /// All of it.
    pub text: String,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// The scenario can be run but is probably not what was meant.
    Warning,
}

/// A part of a source with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which source, as an index.
    pub source: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The remark.
    pub text: String,
    /// The place itself, not one that only explains it.
    pub primary: bool,
}

/// A code, and what [`explain`](crate::explain) says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    pub(crate) code: &'static str,
    /// In some words.
    pub(crate) title: &'static str,
    /// In a few sentences.
    pub(crate) text: &'static str,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code such as `S014`, which [`explain`](crate::explain) knows.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The places involved, the primary one first.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// The variants that it is wrong in, where it is not in the file as it stands.
    pub variants: Vec<String>,
}

/// Why a scenario cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    /// The texts that the labels point into.
    pub sources: Vec<Source>,
    /// At least one error, and warnings, by position.
    pub diagnostics: Vec<Diagnostic>,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { code, severity, message, labels: Vec::new(), help: None, variants: Vec::new() }
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a place; the first one added is the primary one.
    pub(crate) fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        let primary = self.labels.is_empty();
        let Span { source, start, end } = span;
        self.labels.push(Label { source, start, end, text: text.into(), primary });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a help if there is one.
    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// What is wrong, and in which variants if not in all.
    pub fn sentence(&self) -> String {
        let names: Vec<String> = self.variants.iter().map(|name| format!("`{name}`")).collect();
        match &names[..] {
            [] => self.message.clone(),
            [one] => format!("{}, in variant {one}", self.message),
            all => format!("{}, in variants {}", self.message, all.join(", ")),
        }
    }

    fn position(&self) -> (usize, usize, usize, &'static str) {
        self.labels
            .first()
            .map_or((0, 0, 0, self.code), |label| (label.source, label.start, label.end, self.code))
    }
}

/// Collects everything that is wrong.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: Vec<Diagnostic>,
    /// Where defaults of a system stand that nobody has written.
    likes: Vec<Span>,
}

impl Report {
    /// What is told of a place is told of a default from now on, which `like` stands for there.
    pub(crate) fn has_defaults_of(&mut self, span: Span) {
        self.likes.push(span);
    }

    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        for label in &mut diagnostic.labels {
            let Label { source, start, end, .. } = *label;
            if self.likes.contains(&Span { source, start, end }) {
                label.text += ", by a default of `like`";
            }
        }
        self.found.push(diagnostic);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Everything, by position, each thing once.
    pub(crate) fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| a.position().cmp(&b.position()));
        self.found.dedup();
        self.found
    }
}
