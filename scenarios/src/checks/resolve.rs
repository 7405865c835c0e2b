use std::ops::Range;

use cascadia_models::measure::metrics::{Metric, Of, Unit, of_components};
use cascadia_models::plan::{Depth, LayerId, Probe, ServiceId, Subject};

use super::grammar::{Comparison, Parts, parse};
use super::layers::{Layers, Unknown};
use super::probes::Probes;
use super::window::Windows;
use super::{Check, Condition, Sample, metric, value};
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::with_place;
use crate::nearest::{nearest, suggestion};
use crate::read::{CheckEl, File};
use crate::resolve::Resolved;
use crate::units::{Share, duration_text};

/// Most windows of one check.
const MOST_WINDOWS: u64 = 10_000;

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

struct One<'a, 'f> {
    element: &'a CheckEl<'f>,
    file: &'a File<'f>,
    resolved: &'a Resolved<'f>,
    /// Something else is wrong, and what parts components have follows from all that is written.
    is_doubtful: bool,
}

impl One<'_, '_> {
    fn check(&self, probes: &mut Probes, report: &mut Report) -> Option<Check> {
        let text = self.element.text;
        let subject = self.subject(report);
        let parts = match parse(text) {
            Ok(parts) => parts,
            Err(misread) => {
                let help = "write `metric op value [over window]`, such as \"p99 < 800ms\"";
                self.refuse("S040", misread.range, &misread.message, help, report);
                return None;
            }
        };
        let windows = Windows { resolved: self.resolved, node: self.element.node, text };
        let (subject, metric) = self.metric(subject?, parts.metric.clone(), report)?;
        let window = windows.get(parts.window.clone(), report);
        let (unit, condition) = match &parts.comparison {
            Comparison::Bound { op, value } => {
                let (unit, bound) = self.bound(metric, value.clone(), report)?;
                let probe = self.probe(probes, subject, window?, metric.depth(unit), report)?;
                (unit, Condition::Bound { op: *op, bound, probe })
            }
            Comparison::Within { share, word } => {
                let share = self.share(share.clone(), report);
                let baseline = self.baseline(subject, word.clone(), report);
                let (share, baseline, window) = (share?, baseline?, window?);
                let depth = metric.depth(metric.natural());
                let baseline = self.probe(probes, subject, baseline, depth, report)?;
                let windows = self.whole(&parts, window, report)?;
                let mut samples = Vec::with_capacity(windows.len());
                for window in windows {
                    samples.push(self.probe(probes, subject, window, depth, report)?);
                }
                let width = self.resolved.timing.window;
                let windows = samples;
                (metric.natural(), Condition::Within { share, baseline, windows, width })
            }
        };
        let (start_ns, end_ns) = window?;
        let (subject, expression) = (self.element.subject.to_owned(), text.to_owned());
        Some(Check { subject, expression, metric, unit, condition, start_ns, end_ns })
    }

    fn refuse(
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

    fn subject(&self, report: &mut Report) -> Option<Subject> {
        let (name, names) = (self.element.subject, &self.resolved.names);
        if let Some((load, _)) = names.loads.get(name) {
            return Some(Subject::Load(*load));
        }
        if let Some(service) = names.services.get(name) {
            return Some(self.group(service.id));
        }
        if let Some(part) = self.part(name) {
            return Some(part);
        }
        if self.is_doubtful && self.may_be_part(name) {
            return None;
        }
        let all = names.loads.keys().chain(names.services.keys()).copied();
        let near = nearest(name, all.clone());
        let place = near.and_then(|near| names.loads.get(near)).map(|(_, span)| *span);
        let diagnostic = Diagnostic::error("S024", format!("there is no load or service `{name}`"))
            .at(self.element.key, "checks nobody")
            .maybe_help(suggestion(name, all));
        report.push(with_place(diagnostic, near, place));
        None
    }

    /// A service or a group of components.
    fn group(&self, id: ServiceId) -> Subject {
        let component = self.resolved.plan.component(id);
        component.map_or(Subject::Service(id), |_| Subject::Component(id, None))
    }

    /// A part of a group of components, such as a group of consumers of a topic.
    fn part(&self, name: &str) -> Option<Subject> {
        let plan = &self.resolved.plan;
        plan.groups().find_map(|id| {
            let parts = plan.component(id)?.build.parts();
            let at = parts.iter().position(|part| part.name == name)?;
            Some(Subject::Component(id, Some(at as u32)))
        })
    }

    /// Whether a name begins as those of the parts of a group of components do.
    fn may_be_part(&self, name: &str) -> bool {
        let of = |element: &ComponentEl<'_>| name.strip_prefix(element.name);
        let mut rest = self.file.components.iter().filter_map(of);
        rest.any(|rest| rest.starts_with(['.', ' ']))
    }

    /// Whose metrics a subject has, for people, and which these are.
    fn metrics(&self, subject: Subject) -> (String, Vec<Metric>) {
        let of = match subject {
            Subject::Load(_) => Of::Loads,
            Subject::Service(_) => Of::Services,
            Subject::Layer(_) => Of::Layers,
            Subject::Component(id, part) => {
                let plan = self.resolved.plan.component(id).expect("it is one");
                let parts = plan.build.parts();
                let part = part.and_then(|part| parts.get(part as usize));
                let (name, rows) = part.map_or_else(
                    || (&plan.name, plan.build.rows()),
                    |part| (&part.name, part.rows),
                );
                return (format!("`{name}`"), of_components(rows));
            }
        };
        (of.name().to_owned(), of.metrics())
    }

    fn metric(
        &self,
        subject: Subject,
        range: Range<usize>,
        report: &mut Report,
    ) -> Option<(Subject, Metric)> {
        let text = self.element.text.get(range.clone())?;
        match metric::find(&self.metrics(subject).1, text) {
            Some(Ok(metric)) => return Some((subject, metric)),
            Some(Err((limit, wrong))) => {
                let at = range.end - limit.len()..range.end;
                self.refuse(wrong.code, at, &wrong.message, &wrong.help, report);
                return None;
            }
            None => {}
        }
        if metric::is_member(&self.metrics(subject).1, text) {
            self.no_metric(subject, text, range, report);
            return None;
        }
        if let Some((layer, word)) = text.rsplit_once('.') {
            let Resolved { names, plan, .. } = self.resolved;
            let found = Layers { file: self.file, names, stacks: &plan.stacks }.find(layer);
            if found.is_ok() || layer_metric(word).is_some() {
                return self.of_layer(found, layer, word, range.start, report);
            }
        }
        if let Some((service, word)) = text.rsplit_once('.') {
            let at = range.start..range.start + service.len();
            let span = self.element.node.within(at.start, at.end);
            let id = self.resolved.names.service(service, span, report)?.id;
            let group = self.group(id);
            if let Some(Ok(metric)) = metric::find(&self.metrics(group).1, word) {
                return Some((group, metric));
            }
            self.no_metric(group, word, at.end + 1..range.end, report);
            return None;
        }
        self.no_metric(subject, text, range, report);
        None
    }

    fn no_metric(&self, of: Subject, word: &str, range: Range<usize>, report: &mut Report) {
        let (whose, metrics) = self.metrics(of);
        let have = if matches!(of, Subject::Component(..)) { "has" } else { "have" };
        let message = format!("{whose} {have} no metric `{word}`");
        self.refuse("S041", range, &message, &metric::help(&metrics, word), report);
    }

    fn of_layer(
        &self,
        found: Result<LayerId, Unknown>,
        layer: &str,
        word: &str,
        start: usize,
        report: &mut Report,
    ) -> Option<(Subject, Metric)> {
        let end = start + layer.len();
        match (found, layer_metric(word)) {
            (Ok(id), Some(metric)) => return Some((Subject::Layer(id), metric)),
            (Ok(id), None) => {
                self.no_metric(Subject::Layer(id), word, end + 1..end + 1 + word.len(), report);
            }
            (Err(Unknown { is_doubtful: true, .. }), _) => {}
            (Err(Unknown { message, help, .. }), _) => {
                self.refuse("S045", start..end, &message, &help, report);
            }
        }
        None
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

    /// From the warm-up to the first fault, as long as the load is there that is looked at.
    fn baseline(
        &self,
        subject: Subject,
        range: Range<usize>,
        report: &mut Report,
    ) -> Option<(u64, u64)> {
        let Resolved { timing, faults, nameless, plan, .. } = self.resolved;
        let (message, help) = if faults.is_empty() && !nameless {
            ("without a fault there is no baseline".to_owned(), "compare with a fixed value")
        } else {
            // Where one of them is not known, any might be the first.
            let when = faults.values().map(|fault| Some(fault.when?.0));
            let first = when.collect::<Option<Vec<_>>>()?.into_iter().min()?;
            let load = match subject {
                Subject::Load(load) => plan.loads.get(load.0 as usize),
                _ => None,
            };
            let (from, until) =
                load.map_or((0, u64::MAX), |load| (load.from.as_nanos(), load.until.as_nanos()));
            let warmup = timing.warmup.as_nanos();
            let (begin, end) = (warmup.max(from), first.min(until));
            match begin < end {
                true if *nameless || !timing.known => return None,
                true => return Some((begin, end)),
                false if first <= warmup => (
                    "the first fault begins before the warm-up is over".to_owned(),
                    "begin it later",
                ),
                false => (
                    format!(
                        "`{}` sends nothing between the warm-up and the first fault",
                        self.element.subject
                    ),
                    "compare with a fixed value, or let the fault begin later",
                ),
            }
        };
        self.refuse("S044", range, &message, help, report);
        None
    }

    /// The whole windows in a window, of which there is at least one.
    fn whole(
        &self,
        parts: &Parts,
        (from, until): (u64, u64),
        report: &mut Report,
    ) -> Option<Vec<(u64, u64)>> {
        let width = self.resolved.timing.window;
        let count = until.saturating_sub(from) / width;
        let (message, help) = match count {
            0 => (
                format!(
                    "this is shorter than a window of {}, so there is none to look at",
                    duration_text(width as f64)
                ),
                "make `run.window` shorter",
            ),
            1..=MOST_WINDOWS => {
                return Some(
                    (0..count).map(|at| (from + at * width, from + (at + 1) * width)).collect(),
                );
            }
            _ => (
                format!("there are {count} windows here; at most {MOST_WINDOWS} are looked at"),
                "make `run.window` longer",
            ),
        };
        let range = parts.window.clone().unwrap_or_else(|| parts.metric.clone());
        self.refuse("S043", range, &message, help, report);
        None
    }

    fn probe(
        &self,
        probes: &mut Probes,
        subject: Subject,
        window: (u64, u64),
        depth: Depth,
        report: &mut Report,
    ) -> Option<Sample> {
        let sample = probes.add(subject, window, depth);
        if sample.is_none() {
            let message = "the checks of this file look at too many windows";
            let all = 0..self.element.text.len();
            self.refuse("S043", all, message, "make run.window longer", report);
        }
        sample
    }
}

fn layer_metric(word: &str) -> Option<Metric> {
    metric::find(&Of::Layers.metrics(), word)?.ok()
}
