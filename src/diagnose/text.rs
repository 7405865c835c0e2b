use std::fmt;

use cascadia_reports::sinks::{inert, line};
use cascadia_reports::summary::Look;
use cascadia_scenarios::{Diagnostic, Label, Severity, Source};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::clipped;
use super::excerpt::Excerpts;

/// As many places of a diagnostic are shown.
const PLACES: usize = 8;

/// A diagnostic with the lines that it is about.
pub(super) fn text(sources: &[Source], diagnostic: &Diagnostic, look: Look) -> String {
    let theme = match (look.unicode, look.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut out = String::new();
    let report = Report::new(sources, diagnostic);
    handler.render_report(&mut out, &report).expect("writing to a string cannot fail");
    out.split_inclusive('\n').map(inert).collect()
}

/// What is said, on a terminal.
fn said(text: &str) -> String {
    line(&clipped(text)).into_owned()
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
        let here = diagnostic.labels.iter().filter(|label| label.source == index).take(PLACES);
        let labels = here
            .map(|label: &Label| {
                let text = (!label.text.is_empty()).then(|| said(&label.text));
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
        f.write_str(&said(&self.diagnostic.sentence()))
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
        self.diagnostic.help.as_ref().map(|help| Box::new(said(help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.labels.is_empty()).then_some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
