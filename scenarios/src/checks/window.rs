use std::ops::Range;

use super::grammar::words;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::with_place;
use crate::nearest::{nearest, suggestion};
use crate::resolve::Resolved;
use crate::text::Node;
use crate::units::{Duration, duration_text};

/// Where windows are looked up.
pub(super) struct Windows<'a, 'f> {
    pub(super) resolved: &'a Resolved<'f>,
    pub(super) node: &'a Node,
    pub(super) text: &'a str,
}

impl Windows<'_, '_> {
    /// The window written at `range`, or the measured run. Nothing where it is wrong or cannot be known.
    pub(super) fn get(
        &self,
        range: Option<Range<usize>>,
        report: &mut Report,
    ) -> Option<(u64, u64)> {
        let timing = &self.resolved.timing;
        let Some(range) = range else {
            let whole = (timing.warmup.as_nanos(), timing.duration.as_nanos());
            return timing.known.then_some(whole);
        };
        let window = self.written(range.clone(), report)?;
        (timing.known && self.is_measured(window, range, report)).then_some(window)
    }

    fn written(&self, range: Range<usize>, report: &mut Report) -> Option<(u64, u64)> {
        let text = self.text.get(range.clone())?;
        let parts: Vec<Range<usize>> = words(text)
            .into_iter()
            .map(|word| word.start + range.start..word.end + range.start)
            .collect();
        let word = |at: usize| parts.get(at).map_or("", |part| &self.text[part.clone()]);
        match (word(0), parts.len()) {
            ("during", 2..) => self.fault(parts[1].start..range.end, report),
            ("after", 2..) => self.after(&parts, range.end, report),
            _ if text.contains("..") => self.between(range, report),
            _ => {
                let message = format!("`{text}` is not a window");
                let help = "write 60s..120s, during FAULT or after FAULT 15s";
                self.refuse(range, message, "not a window", help, report);
                None
            }
        }
    }

    /// Whether there is something to measure in all of a window.
    fn is_measured(
        &self,
        (from, until): (u64, u64),
        range: Range<usize>,
        report: &mut Report,
    ) -> bool {
        let timing = &self.resolved.timing;
        let (warmup, end) = (timing.warmup.as_nanos(), timing.duration.as_nanos());
        let [begins, ends, counts, over] =
            [from, until, warmup, end].map(|time| duration_text(time as f64));
        if from >= end {
            let message = format!("this window begins at {begins}, and the run ends at {over}");
            let help = "begin it earlier, or let the run last longer";
            self.refuse(range, message, "empty", help, report);
        } else if from >= until {
            let message = format!("this window begins at {begins} and ends at {ends}");
            let help = "the first time must be before the second";
            self.refuse(range, message, "empty", help, report);
        } else if until > end {
            let message = format!("this window ends after the run of {over}");
            self.refuse(range, message, "too late", &format!("end it at {over}"), report);
        } else if from < warmup {
            let message = format!(
                "this window begins at {begins}, and what is sent before {counts}, in the warm-up, does not count"
            );
            let help = format!("begin it at {counts}, or make `run.warmup` shorter");
            self.refuse(range, message, "in the warm-up", &help, report);
        } else {
            return true;
        }
        false
    }

    fn refuse(
        &self,
        range: Range<usize>,
        message: String,
        remark: &str,
        help: &str,
        report: &mut Report,
    ) {
        let span = self.node.within(range.start, range.end);
        report.push(Diagnostic::error("S043", message).at(span, remark).help(help));
    }

    fn after(&self, parts: &[Range<usize>], end: usize, report: &mut Report) -> Option<(u64, u64)> {
        let last = parts.last()?.clone();
        let whole = parts[1].start..end;
        let known = &self.resolved.faults;
        let delay = Duration::parse(&self.text[last.clone()]).ok();
        let (name, delay) = match delay {
            _ if known.contains_key(&self.text[whole.clone()]) => (whole, Duration::default()),
            Some(delay) if parts.len() > 2 => (parts[1].start..parts[parts.len() - 2].end, delay),
            _ if parts.len() > 2 && known.contains_key(&self.text[parts[1].clone()]) => {
                let message = format!("`{}` is not a duration", &self.text[last.clone()]);
                self.refuse(
                    last,
                    message,
                    "not a duration",
                    "write a duration such as 15s",
                    report,
                );
                return None;
            }
            _ => (whole, Duration::default()),
        };
        let (_, until) = self.fault(name, report)?;
        Some((until.saturating_add(delay.0), self.resolved.timing.duration.as_nanos()))
    }

    pub(super) fn fault(&self, range: Range<usize>, report: &mut Report) -> Option<(u64, u64)> {
        let name = &self.text[range.clone()];
        let known = &self.resolved.faults;
        if let Some(fault) = known.get(name) {
            return fault.when;
        }
        if self.resolved.nameless {
            return None;
        }
        let names = known.keys().map(String::as_str);
        let near = nearest(name, names.clone());
        let place = near.and_then(|near| known.get(near)).map(|fault| fault.span);
        let diagnostic = Diagnostic::error("S023", format!("there is no fault `{name}`"))
            .at(self.node.within(range.start, range.end), "no such fault")
            .maybe_help(suggestion(name, names));
        report.push(with_place(diagnostic, near, place));
        None
    }

    fn between(&self, range: Range<usize>, report: &mut Report) -> Option<(u64, u64)> {
        let (from, until) = self.text[range.clone()].split_once("..")?;
        let mut time = |text: &str| match Duration::parse(text) {
            Ok(time) => Some(time.0),
            Err(wrong) => {
                let offset = text.as_ptr() as usize - self.text.as_ptr() as usize;
                let span = self.node.within(offset, offset + text.len());
                let diagnostic = Diagnostic::error(wrong.code, wrong.message).at(span, "here");
                report.push(diagnostic.help(wrong.help));
                None
            }
        };
        Some((time(from)?, time(until)?))
    }
}
