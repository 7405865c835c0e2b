//! Diagnostics as people, editors and CI read them.

use std::fmt;

use cascadia_reports::summary::Look;
use cascadia_scenarios::{Diagnostic, Severity, Source};
use clap::ValueEnum;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use serde_json::{Value, json};

use crate::excerpt::{Excerpts, position};

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// Writes diagnostics in `format`.
pub(crate) fn render(
    sources: &[Source],
    diagnostics: &[Diagnostic],
    format: Format,
    look: Look,
) -> String {
    match format {
        Format::Text => diagnostics.iter().map(|one| text(sources, one, look)).collect(),
        Format::Json => {
            let all: Vec<Value> = diagnostics.iter().map(|one| object(sources, one)).collect();
            format!("{:#}\n", Value::Array(all))
        }
        Format::Github => diagnostics.iter().map(|one| annotation(sources, one)).collect(),
    }
}

fn object(sources: &[Source], diagnostic: &Diagnostic) -> Value {
    let label = |label: &cascadia_scenarios::Label| {
        let source = &sources[label.source];
        let (line, column) = position(&source.text, label.start);
        json!({
            "file": source.name, "line": line, "column": column,
            "start": label.start, "end": label.end,
            "text": label.text, "primary": label.primary,
        })
    };
    json!({
        "code": diagnostic.code,
        "severity": severity(diagnostic),
        "message": diagnostic.message,
        "variants": diagnostic.variants,
        "help": diagnostic.help,
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
    })
}

const fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn annotation(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let place = diagnostic.labels.iter().find(|label| label.primary).map(|label| {
        let source = &sources[label.source];
        let (line, column) = position(&source.text, label.start);
        format!("file={},line={line},col={column},", escape(&source.name))
    });
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let text = escape(&format!("{}{help}", diagnostic.sentence()));
    let place = place.unwrap_or_default();
    format!("::{} {place}title={}::{text}\n", severity(diagnostic), diagnostic.code)
}

fn text(sources: &[Source], diagnostic: &Diagnostic, look: Look) -> String {
    let theme = match (look.unicode, look.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut out = String::new();
    let report = Report::new(sources, diagnostic);
    handler.render_report(&mut out, &report).expect("writing to a string cannot fail");
    out
}

/// One diagnostic with the source that its primary label is in.
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    source: Excerpts<'a>,
    labels: Vec<LabeledSpan>,
}

impl<'a> Report<'a> {
    fn new(sources: &'a [Source], diagnostic: &'a Diagnostic) -> Self {
        let primary = diagnostic.labels.iter().find(|label| label.primary);
        let index = primary.or_else(|| diagnostic.labels.first()).map_or(0, |label| label.source);
        let source = Excerpts::of(sources.get(index));
        let here = diagnostic.labels.iter().filter(|label| label.source == index);
        let labels = here
            .map(|label| {
                let text = (!label.text.is_empty()).then(|| label.text.clone());
                let span = source.marked(label);
                match label.primary {
                    true => LabeledSpan::new_primary_with_span(text, span),
                    false => LabeledSpan::new_with_span(text, span),
                }
            })
            .collect();
        Self { diagnostic, source, labels }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.sentence())
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.labels.is_empty()).then_some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use cascadia_scenarios::Label;
    use proptest::prelude::*;

    use super::*;

    /// A text of some lines, of which some are long, and wherever labels may be.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec!["a", "\t", "ß", "語", "\r\n", "\n", "\u{1b}"]);
        let run = (piece, prop_oneof![0..3usize, 900..1_100usize, 30_000..40_000usize]);
        let runs = prop::collection::vec(run.prop_map(|(piece, times)| piece.repeat(times)), 1..6);
        runs.prop_map(|runs| runs.concat())
    }

    fn label(text: &str, from: f64, length: f64, primary: bool) -> Label {
        let at = |share: f64| text.floor_char_boundary((text.len() as f64 * share) as usize);
        let (start, end) = (at(from), at(from + (1.0 - from) * length));
        Label { source: 0, start, end, text: "here".to_owned(), primary }
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_can_be_shown(
            text in text(),
            places in prop::collection::vec((0.0..1.0, 0.0..1.0), 1..4),
            format in prop::sample::select(vec![Format::Text, Format::Json, Format::Github])
        ) {
            let labels = places.iter().enumerate();
            let labels = labels.map(|(index, (from, length))| label(&text, *from, *length, index == 0));
            let diagnostic = Diagnostic {
                code: "S001",
                severity: Severity::Error,
                message: "wrong".to_owned(),
                labels: labels.collect(),
                help: None,
                variants: Vec::new(),
            };
            let long = text.lines().any(|line| line.len() > 1_000);
            let (line, column) = position(&text, diagnostic.labels[0].start);
            let sources = [Source { name: "x.json".to_owned(), text }];
            let shown = render(&sources, &[diagnostic], format, Look::default());
            prop_assert!(!long || shown.len() < 20_000, "{} bytes are shown", shown.len());
            let place = match format {
                Format::Text => format!("[x.json:{line}:"),
                Format::Json => format!("\"column\": {column},"),
                Format::Github => format!("line={line},col={column},"),
            };
            prop_assert!(shown.contains(&place), "{place} is not in {shown}");
        }
    }
}
