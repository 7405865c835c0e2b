use cascadia_runtime::Time;

use crate::diagnostics::{Diagnostic, Report};
use crate::elements::MOST_SEEDS;
use crate::read::File;
use crate::text::{Node, Span};
use crate::units::{duration_text, nanos};

/// The longest run, even without limits: a hundred years.
const MOST: u64 = 36_525 * 86_400_000_000_000;

/// When a run begins to count and ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub(crate) warmup: Time,
    pub(crate) duration: Time,
    /// The length of the windows of `within`, in nanoseconds; never zero.
    pub(crate) window: u64,
    /// Where the duration is given.
    pub(crate) span: Span,
    /// The times are those of the file, not placeholders.
    pub(crate) known: bool,
}

impl Timing {
    pub(super) fn new(file: &File<'_>, report: &mut Report) -> Self {
        let node = file.root.get("run").unwrap_or(file.root);
        let run = file.run.as_ref();
        let duration = run.map_or(u64::MAX, |run| nanos(run.duration));
        let warmup = run.map_or(0, |run| nanos(run.warmup));
        let window = run.map_or(1, |run| nanos(run.window));
        let refuse = |key: &str, message: String, remark: &str, report: &mut Report| {
            let diagnostic = Diagnostic::error("S030", message).at(node.span_of(key), remark);
            report.push(diagnostic);
        };
        if duration == 0 {
            refuse("duration", "the run has no length".to_owned(), "zero", report);
        } else if run.is_some() && duration > MOST {
            let message = "the run lasts over a hundred years, which cannot be simulated";
            let diagnostic = Diagnostic::error("S062", message);
            report.push(diagnostic.at(node.span_of("duration"), "too long"));
        } else if warmup >= duration {
            let message = format!(
                "the warm-up of {} is not shorter than the run of {}",
                duration_text(warmup as f64),
                duration_text(duration as f64)
            );
            let diagnostic = Diagnostic::error("S035", message)
                .at(node.span_of("warmup"), "the warm-up")
                .at(node.span_of("duration"), "the run")
                .help("nothing would be measured; shorten the warm-up");
            report.push(diagnostic);
        }
        if window == 0 {
            refuse("window", "a window must be longer than zero".to_owned(), "zero", report);
        }
        match run.and_then(|run| run.seeds) {
            Some(0) => {
                refuse("seeds", "at least one seed must be tried".to_owned(), "zero", report);
            }
            Some(seeds) if seeds > MOST_SEEDS => {
                let message = format!("{seeds} seeds would be tried; the limit is {MOST_SEEDS}");
                refuse("seeds", message, "too many", report);
            }
            _ => {}
        }
        Self {
            warmup: Time::from_nanos(warmup),
            duration: Time::from_nanos(duration.max(1)),
            window: window.max(1),
            span: node.span_of("duration"),
            known: run.is_some() && warmup < duration,
        }
    }

    /// Reports a time after the end of the run.
    pub(crate) fn within(
        &self,
        time: u64,
        what: &str,
        node: &Node,
        key: &str,
        report: &mut Report,
    ) {
        if self.known && time > self.duration.as_nanos() {
            let message = format!(
                "{what} at {}, after the run of {}",
                duration_text(time as f64),
                duration_text(self.duration.as_nanos() as f64)
            );
            let diagnostic = Diagnostic::error("S035", message)
                .at(node.span_of(key), "too late")
                .at(self.span, "the run ends here");
            report.push(diagnostic);
        }
    }
}
