use std::ops::Range;

use cascadia_models::measure::metrics::{Metric, Unit};
use cascadia_models::plan::Probe;

use super::grammar::{Comparison, Line, parse};
use super::probes::Probes;
use super::window::Windows;
use super::{Check, Condition, Figure, value};
use crate::diagnostics::{Diagnostic, Report};
use crate::read::{CheckEl, File};
use crate::resolve::Resolved;
use crate::units::Share;

/// The checks of a file and the probes that they need.
pub(crate) fn resolve(
    file: &File<'_>,
    resolved: &Resolved<'_>,
    report: &mut Report,
) -> (Vec<Check>, Vec<Probe>) {
    let mut probes = Probes::default();
    let mut checks = Vec::with_capacity(file.checks.len());
    let is_doubtful = report.has_errors();
    for element in &file.checks {
        let one = One { element, file, resolved, is_doubtful };
        checks.extend(one.check(&mut probes, report));
    }
    (checks, probes.list)
}

/// One check of a file.
pub(super) struct One<'a, 'f> {
    pub(super) element: &'a CheckEl<'f>,
    pub(super) file: &'a File<'f>,
    pub(super) resolved: &'a Resolved<'f>,
    /// Something else is wrong, and what parts components have follows from all that is written.
    pub(super) is_doubtful: bool,
}

impl One<'_, '_> {
    fn check(&self, probes: &mut Probes, report: &mut Report) -> Option<Check> {
        let text = self.element.text;
        let subject = self.subject(report);
        let parts = match parse(text) {
            Ok(Line::Metric(parts)) => parts,
            Ok(Line::Recovered { within, fault }) => {
                return self.recovered(subject?, within, fault, report);
            }
            Ok(Line::NotMetastable) => return self.not_metastable(subject?, report),
            Err(misread) => {
                self.refuse("S040", misread.range, &misread.message, misread.help, report);
                return None;
            }
        };
        let windows = Windows { resolved: self.resolved, node: self.element.node, text };
        let (whom, metric) = self.metric(subject?, parts.metric.clone(), report)?;
        let window = windows.get(parts.window.clone(), report);
        let condition = match &parts.comparison {
            Comparison::Bound { op, value } => {
                let (unit, bound) = self.bound(metric, value.clone(), report)?;
                let sample = self.probe(probes, whom, window?, metric.depth(unit), report)?;
                Condition::Bound { figure: Figure { metric, unit }, op: *op, bound, sample }
            }
            Comparison::Within { share, word } => {
                let share = self.share(share.clone(), report);
                let baseline = self.baseline(whom, word.clone(), report);
                let windows = self.whole(&parts, window?, report);
                let what = (share?, baseline?, windows?);
                let within = self.within((whom, metric), what, probes, report)?;
                Condition::Within { metric, within }
            }
        };
        Some(self.finished(condition, window?))
    }

    /// A check that looks at a stretch of time.
    pub(super) fn finished(&self, condition: Condition, (start_ns, end_ns): (u64, u64)) -> Check {
        let subject = self.element.subject.to_owned();
        let expression = self.element.text.to_owned();
        Check { subject, expression, condition, start_ns, end_ns }
    }

    pub(super) fn refuse(
        &self,
        code: &'static str,
        range: Range<usize>,
        message: &str,
        help: &str,
        report: &mut Report,
    ) {
        let span = self.element.node.within(range.start, range.end);
        report.push(Diagnostic::error(code, message).at(span, "here").help(help));
    }

    fn bound(
        &self,
        metric: Metric,
        range: Range<usize>,
        report: &mut Report,
    ) -> Option<(Unit, f64)> {
        let text = self.element.text.get(range.clone())?;
        match value::of(&metric, text) {
            Ok(found) => Some(found),
            Err((code, message, help)) => {
                self.refuse(code, range, &message, &help, report);
                None
            }
        }
    }

    fn share(&self, range: Range<usize>, report: &mut Report) -> Option<f64> {
        match Share::parse(self.element.text.get(range.clone())?) {
            Ok(share) => Some(share.0),
            Err(wrong) => {
                self.refuse(wrong.code, range, &wrong.message, &wrong.help, report);
                None
            }
        }
    }
}
