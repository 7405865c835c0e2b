use std::ops::Range;

use cascadia_models::component::Part;
use cascadia_models::measure::metrics::{Metric, Of, of_components};
use cascadia_models::plan::{LayerId, LoadId, ServiceId, Subject};

use super::layers::{Layers, Unknown};
use super::metric;
use super::resolve::One;
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::{ALL_LOADS, with_place};
use crate::nearest::{nearest, suggestion};
use crate::resolve::Resolved;

/// Whom a check is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whom {
    /// One party or layer.
    One(Subject),
    /// Every load, with what they measured together.
    AllLoads,
}

impl One<'_, '_> {
    pub(super) fn subject(&self, report: &mut Report) -> Option<Whom> {
        let (name, names) = (self.element.subject, &self.resolved.names);
        if name == ALL_LOADS && !names.loads.is_empty() {
            return Some(Whom::AllLoads);
        }
        if let Some((load, _)) = names.loads.get(name) {
            return Some(Whom::One(Subject::Load(*load)));
        }
        if let Some(service) = names.services.get(name) {
            return Some(Whom::One(self.group(service.id)));
        }
        if let Some(part) = self.part(name) {
            return Some(Whom::One(part));
        }
        if self.is_doubtful && self.may_be_part(name) {
            return None;
        }
        let parts = self.parts();
        let all = names.loads.keys().chain(names.services.keys()).copied().chain([ALL_LOADS]);
        let all = all.chain(parts.iter().map(String::as_str));
        let near = nearest(name, all.clone());
        let place = near.and_then(|near| names.loads.get(near)).map(|(_, span)| *span);
        let diagnostic = Diagnostic::error("S024", format!("there is no load or service `{name}`"))
            .at(self.element.key, "checks nobody")
            .maybe_help(parts_of(name, &parts).or_else(|| suggestion(name, all)));
        report.push(with_place(diagnostic, near, place));
        None
    }

    /// A service or a group of components.
    fn group(&self, id: ServiceId) -> Subject {
        let component = self.resolved.plan.component(id);
        component.map_or(Subject::Service(id), |_| Subject::Component(id, None))
    }

    /// The names of the parts of all groups of components.
    fn parts(&self) -> Vec<String> {
        let plan = &self.resolved.plan;
        let groups = plan.groups().filter_map(|id| plan.component(id));
        groups.flat_map(|group| group.build.parts()).map(|part| part.name).collect()
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
    fn metrics(&self, whom: Whom) -> (String, Vec<Metric>) {
        let of = match whom {
            Whom::AllLoads | Whom::One(Subject::Load(_)) => Of::Loads,
            Whom::One(Subject::Service(_)) => Of::Services,
            Whom::One(Subject::Layer(_)) => Of::Layers,
            Whom::One(Subject::Component(id, part)) => {
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

    pub(super) fn metric(
        &self,
        subject: Whom,
        range: Range<usize>,
        report: &mut Report,
    ) -> Option<(Whom, Metric)> {
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
            let group = Whom::One(self.group(id));
            if let Some(Ok(metric)) = metric::find(&self.metrics(group).1, word) {
                return Some((group, metric));
            }
            self.no_metric(group, word, at.end + 1..range.end, report);
            return None;
        }
        self.no_metric(subject, text, range, report);
        None
    }

    fn no_metric(&self, of: Whom, word: &str, range: Range<usize>, report: &mut Report) {
        let (whose, metrics) = self.metrics(of);
        // What is written wrongly is measured by nobody.
        if metrics.is_empty() && self.is_doubtful {
            return;
        }
        let have = if matches!(of, Whom::One(Subject::Component(..))) { "has" } else { "have" };
        let message = format!("{whose} {have} no metric `{word}`");
        let help = self.part_with(of, word).unwrap_or_else(|| metric::help(&metrics, word));
        self.refuse("S041", range, &message, &help, report);
    }

    /// Which parts of a group of components have a metric that it has not itself.
    fn part_with(&self, of: Whom, word: &str) -> Option<String> {
        let Whom::One(Subject::Component(id, None)) = of else { return None };
        let parts = self.resolved.plan.component(id)?.build.parts().into_iter();
        let has = |part: &Part| metric::find(&of_components(part.rows), word).is_some();
        let names: Vec<_> = parts.filter(has).map(|part| format!("`{}`", part.name)).collect();
        (!names.is_empty()).then(|| format!("it is one of {}", names.join(", ")))
    }

    fn of_layer(
        &self,
        found: Result<LayerId, Unknown>,
        layer: &str,
        word: &str,
        start: usize,
        report: &mut Report,
    ) -> Option<(Whom, Metric)> {
        let end = start + layer.len();
        match (found, layer_metric(word)) {
            (Ok(id), Some(metric)) => return Some((Whom::One(Subject::Layer(id)), metric)),
            (Ok(id), None) => {
                let layer = Whom::One(Subject::Layer(id));
                self.no_metric(layer, word, end + 1..end + 1 + word.len(), report);
            }
            (Err(Unknown { is_doubtful: true, .. }), _) => {}
            (Err(Unknown { message, help, .. }), _) => {
                self.refuse("S045", start..end, &message, &help, report);
            }
        }
        None
    }

    /// The parties of which probes are needed.
    pub(super) fn parties(&self, whom: Whom) -> Vec<Subject> {
        let loads = 0..self.resolved.plan.loads.len() as u32;
        match whom {
            Whom::One(subject) => vec![subject],
            Whom::AllLoads => loads.map(|load| Subject::Load(LoadId(load))).collect(),
        }
    }
}

/// What can be checked of a topic that is named without who consumes it.
fn parts_of(name: &str, parts: &[String]) -> Option<String> {
    let is_of = |part: &&String| part.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
    let found: Vec<_> = parts.iter().filter(is_of).map(|part| format!("`{part}`")).collect();
    (!found.is_empty()).then(|| format!("what is checked is {}", found.join(" or ")))
}

fn layer_metric(word: &str) -> Option<Metric> {
    metric::find(&Of::Layers.metrics(), word)?.ok()
}
