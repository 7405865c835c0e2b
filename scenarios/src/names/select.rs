use std::cell::Cell;
use std::collections::BTreeMap;

use cascadia_models::plan::{Instance, LoadId, Party, Plan};

use super::Names;
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;

/// Most replicas that the selectors of a file go through altogether.
const MOST: u64 = 10_000_000;

/// A service or a group of components, as selectors see it.
pub(crate) struct Group<'a> {
    pub(crate) name: &'a str,
    /// How many replicas a service is written with.
    pub(crate) replicas: Option<u32>,
    pub(crate) labels: Option<&'a BTreeMap<String, Vec<String>>>,
    /// Nothing of it is written wrongly; else it may have any replicas and labels.
    pub(crate) is_known: bool,
}

impl Group<'_> {
    fn is_labelled(&self, replica: u32, label: &str, value: &str) -> bool {
        let values = self.labels.and_then(|labels| labels.get(label));
        values.is_some_and(|values| {
            let count = values.len();
            count > 0 && values[replica as usize % count] == value
        })
    }
}

/// What selectors look at.
pub(crate) struct Selector<'a, 'f> {
    /// In the order of their ids.
    pub(crate) groups: &'a [Group<'f>],
    pub(crate) names: &'a Names<'f>,
    pub(crate) plan: &'a Plan,
    /// There are too many replicas, which has been reported.
    pub(crate) refused: bool,
    /// Replicas that all selectors have gone through.
    pub(crate) seen: &'a Cell<u64>,
}

#[derive(Default)]
struct Terms<'t> {
    service: Option<(&'t str, Option<u32>)>,
    labels: Vec<(&'t str, &'t str)>,
}

impl Selector<'_, '_> {
    /// The replicas that the string `node` selects; none only after a report.
    pub(crate) fn instances(&self, node: &Node, report: &mut Report) -> Vec<Instance> {
        let Some(terms) = self.terms(node, report) else { return Vec::new() };
        self.matching(&terms, node, report)
    }

    /// The replicas that `node` selects by these terms.
    fn matching(&self, terms: &Terms<'_>, node: &Node, report: &mut Report) -> Vec<Instance> {
        let mut found = Vec::new();
        for (group, id) in self.groups.iter().zip(self.plan.groups()) {
            if terms.service.is_some_and(|(other, _)| other != group.name) {
                continue;
            }
            let replicas = self.plan.replicas(id);
            let range = match terms.service.and_then(|(_, replica)| replica) {
                Some(replica) => replica..replica.saturating_add(1).min(replicas).max(replica),
                None => 0..replicas,
            };
            if self.refused || !group.is_known {
                found.push(Instance { service: id, replica: 0 });
                continue;
            }
            self.seen.set(self.seen.get().saturating_add(u64::from(range.end - range.start)));
            if self.seen.get() > MOST {
                let message = format!("the selectors of this file go through over {MOST} replicas");
                let help = "select fewer replicas, or use fewer faults";
                let diagnostic = Diagnostic::error("S061", message).at(node.span, "too many");
                report.push(diagnostic.help(help));
                return found;
            }
            let hit =
                |replica: &u32| terms.labels.iter().all(|(k, v)| group.is_labelled(*replica, k, v));
            found.extend(range.filter(hit).map(|replica| Instance { service: id, replica }));
        }
        if found.is_empty() {
            let text = node.text().unwrap_or_default();
            let message = format!("no replica matches `{text}`");
            let mut diagnostic =
                Diagnostic::error("S026", message).at(node.span, "matches nothing");
            if let Some((name, _)) = terms.service
                && let Some(known) = self.names.services.get(name)
                && let Some(group) = self.groups.iter().find(|group| group.name == name)
                && let Some(replicas) = group.replicas
            {
                let remark = format!("`{name}` has {replicas} replicas, counted from 0");
                diagnostic = diagnostic.at(known.key, remark);
            }
            report.push(diagnostic.help("all conditions of a selector must hold together"));
        }
        found
    }

    /// The parties that the string `node` selects: a load or replicas.
    pub(crate) fn parties(&self, node: &Node, report: &mut Report) -> Vec<Party> {
        let text = node.text().unwrap_or_default();
        if let Some((load, _)) = self.names.loads.get(text.trim()) {
            return vec![Party::Load(*load)];
        }
        self.instances(node, report).into_iter().map(Party::Instance).collect()
    }

    /// Every replica and every load, as `node` selects nobody.
    pub(crate) fn everybody(&self, node: &Node, report: &mut Report) -> Vec<Party> {
        let replicas = self.matching(&Terms::default(), node, report).into_iter();
        let loads = (0..self.plan.loads.len() as u32).map(|load| Party::Load(LoadId(load)));
        replicas.map(Party::Instance).chain(loads).collect()
    }

    fn terms<'n>(&self, node: &'n Node, report: &mut Report) -> Option<Terms<'n>> {
        let text = node.text()?;
        if self.names.services.contains_key(text) {
            return Some(Terms { service: Some((text, None)), labels: Vec::new() });
        }
        let mut terms = Terms::default();
        for word in text.split_whitespace() {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let span = node.within(start, start + word.len());
            if let Some((label, value)) = word.split_once('=') {
                let known = |group: &Group<'_>| {
                    let labels = group.labels;
                    !group.is_known || labels.is_some_and(|labels| labels.contains_key(label))
                };
                if !self.groups.iter().any(known) {
                    let message = format!("no service has a label `{label}`");
                    report.push(Diagnostic::error("S026", message).at(span, "no such label"));
                    return None;
                }
                terms.labels.push((label, value));
                continue;
            }
            let (name, replica) = match word.rsplit_once('/') {
                Some((name, number)) if !self.names.services.contains_key(word) => {
                    (name, Some(number))
                }
                _ => (word, None),
            };
            self.names.service(name, span, report)?;
            let replica = match replica.map(str::parse::<u32>) {
                Some(Err(_)) => {
                    let message = format!("`{word}` does not end with the number of a replica");
                    let diagnostic = Diagnostic::error("S026", message).at(span, "no number");
                    report.push(diagnostic.help(format!("write \"{name}/0\" for the first")));
                    return None;
                }
                Some(Ok(replica)) => Some(replica),
                None => None,
            };
            if terms.service.is_some_and(|other| other != (name, replica)) {
                let message = "a selector names at most one service";
                report.push(Diagnostic::error("S026", message).at(span, "a second service"));
                return None;
            }
            terms.service = Some((name, replica));
        }
        if terms.service.is_none() && terms.labels.is_empty() {
            let message = "this selector is empty";
            report.push(Diagnostic::error("S026", message).at(node.span, "empty"));
            return None;
        }
        Some(terms)
    }
}
