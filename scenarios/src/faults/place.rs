use std::collections::BTreeSet;
use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Effect, EndpointId, Fate, Instance, Party, Plan, ServiceId, Side, Target,
};

use super::pick::Pick;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Selector;
use crate::nearest::suggestion;
use crate::text::Node;
use crate::units::share_text;

/// Where a fault stands in its file, and what it may speak of.
pub(crate) struct Place<'a, 'f> {
    pub(crate) select: Selector<'a, 'f>,
    /// The settings of its kind.
    pub(crate) node: &'a Node,
    pub(crate) report: &'a mut Report,
    /// The services and groups of components that are selected, and those of which a side is.
    pub(crate) hits: BTreeSet<ServiceId>,
}

impl Place<'_, '_> {
    /// Something happens to this share of the messages between the sides `from` and `to`, by so many nanoseconds
    /// as are drawn for each.
    pub(super) fn some(&mut self, rate: f64, within: Duration, fate: fn(u64) -> Fate) -> Effect {
        let (from, to) = (self.side("from"), self.side("to"));
        let law = Law::Uniform { low: 0.0, high: within.as_nanos() as f64 };
        Effect::between(move |message| {
            if !message.passes_between(&from, &to) {
                return Fate::Untouched;
            }
            message.sampled(rate, &law).map_or(Fate::Untouched, fate)
        })
    }

    /// Reports something.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
    }

    /// The replicas of its selector `target`, so many of them.
    pub(super) fn target(&mut self, pick: Pick) -> Target {
        self.check(pick);
        let node = self.node.get("target");
        let candidates = node.map(|node| self.select.instances(node, self.report));
        let candidates = candidates.unwrap_or_default();
        self.hit(candidates.iter().map(|hit| hit.service));
        Target { candidates, pick: pick.plan() }
    }

    /// These may be hit, and so may those on their machines.
    fn hit(&mut self, whom: impl Iterator<Item = ServiceId>) {
        for id in whom {
            self.hits.insert(id);
            self.hits.extend(self.select.plan.guests(id));
        }
    }

    /// The replicas or the load of its selector `target`, or everybody; so many of them.
    pub(super) fn parties(&mut self, pick: Pick) -> Target<Party> {
        self.check(pick);
        let candidates = match self.node.get("target") {
            Some(node) => self.selected(node),
            None => self.select.everybody(self.node, self.report),
        };
        Target { candidates, pick: pick.plan() }
    }

    /// The replicas or the load that a selector selects.
    fn selected(&mut self, node: &Node) -> Vec<Party> {
        let parties = self.select.parties(node, self.report);
        let services = parties.iter().filter_map(|party| match party {
            Party::Instance(hit) => Some(hit.service),
            Party::Load(_) | Party::Host(_) => None,
        });
        self.hit(services);
        parties
    }

    /// Somebody must be hit, and nobody twice.
    fn check(&mut self, pick: Pick) {
        if let Pick::Share(share) = pick {
            let span = self.node.span_of("pick");
            if share > 1.0 {
                let message = format!("a share of {} is more than all", share_text(share));
                self.report(Diagnostic::error("S030", message).at(span, "more than 100%"));
            }
            if share == 0.0 {
                let message = "a fault must hit somebody";
                self.report(Diagnostic::error("S030", message).at(span, "nobody"));
            }
        }
    }

    /// The same, all of them replicas of services, as only those do work that takes time.
    pub(super) fn workers(&mut self, pick: Pick) -> Target {
        let target = self.target(pick);
        let plan = self.select.plan;
        let other = target.candidates.iter().find_map(|at| plan.component(at.service));
        if let Some(other) = other {
            let message =
                format!("`{}` is a component, to whose work this cannot happen", other.name);
            let diagnostic = Diagnostic::error("S026", message);
            let help = "let it `crash` or `refuse`, or let its messages be late or lost";
            let span = self.node.span_of("target");
            self.report(diagnostic.at(span, "no replica of a service").help(help));
        }
        target
    }

    /// The same, all of them components or replicas of stores that keep something on a disk.
    pub(super) fn keepers(&mut self, pick: Pick) -> Target {
        let target = self.target(pick);
        let plan = self.select.plan;
        let keeps =
            |group| elects(plan, group) || plan.component(group).is_some_and(|it| it.build.keeps());
        let other = target.candidates.iter().find(|at| !keeps(at.service));
        if let Some(other) = other {
            let message = format!("`{}` keeps nothing on a disk", plan.name(other.service));
            let span = self.node.span_of("target");
            let diagnostic = Diagnostic::error("S026", message).at(span, "this would do nothing");
            self.report(diagnostic.help("select components of a kind that keeps something, or a store that elects who leads"));
        }
        target
    }

    /// None of whom it hits is of a store that elects who leads.
    pub(super) fn no_logs(&mut self, target: &Target) {
        let plan = self.select.plan;
        if let Some(hit) = target.candidates.iter().find(|at| elects(plan, at.service)) {
            let name = plan.name(hit.service);
            let message = format!("store `{name}` trusts its disks, and would lose what it keeps");
            let diagnostic = Diagnostic::error("S047", message);
            let help = "let the disk be slow or full, or let the machine crash";
            self.report(diagnostic.at(self.node.span_of("is"), "not possible").help(help));
        }
    }

    /// The endpoint of each service that may be hit which is called `name`.
    pub(super) fn endpoints(&mut self, name: &str, hit: &Target) -> Vec<(ServiceId, EndpointId)> {
        let mut services: Vec<_> = hit.candidates.iter().map(|at| at.service).collect();
        services.dedup();
        let mut found = Vec::new();
        for service in services {
            let endpoints = self.select.plan.endpoints(service);
            match endpoints.iter().position(|endpoint| endpoint.name == name) {
                Some(at) => found.push((service, EndpointId(at as u32))),
                None => {
                    let of = self.select.plan.name(service);
                    let message = format!("service `{of}` has no endpoint `{name}`");
                    let known = endpoints.iter().map(|endpoint| &*endpoint.name);
                    let diagnostic = Diagnostic::error("S021", message)
                        .at(self.node.span_of("endpoint"), "no such endpoint")
                        .maybe_help(suggestion(name, known));
                    self.report(diagnostic);
                }
            }
        }
        found
    }

    /// The service or the group of components that is its `target`.
    pub(super) fn group(&mut self, target: &str) -> ServiceId {
        let span = self.node.span_of("target");
        let found = self.select.names.service(target, span, self.report);
        self.hits.extend(found.as_ref().map(|found| found.id));
        found.map_or(ServiceId(0), |found| found.id)
    }

    /// Whether a group is a store.
    pub(super) fn is_store(&self, group: ServiceId) -> bool {
        let service = self.select.plan.services.get(group.0 as usize);
        service.is_some_and(|service| service.store.is_some())
    }

    /// Those whom the selector at `key` selects, or everybody.
    pub(super) fn side(&mut self, key: &str) -> Side {
        match self.node.get(key) {
            Some(node) => {
                let mut parties = self.selected(node);
                let guests = parties.iter().flat_map(|party| self.guests(*party));
                parties.extend(guests.collect::<Vec<_>>());
                Side::of(parties)
            }
            None => Side::everybody(),
        }
    }

    /// Those on the machine of somebody.
    fn guests(&self, party: Party) -> impl Iterator<Item = Party> {
        let hit = match party {
            Party::Instance(hit) => Some(hit),
            Party::Load(_) | Party::Host(_) => None,
        };
        let plan = self.select.plan;
        hit.into_iter().flat_map(move |hit| {
            let guest = move |service| Party::Instance(Instance { service, ..hit });
            plan.guests(hit.service).map(guest)
        })
    }

    /// Whether somebody is on the machines of a group.
    pub(super) fn is_host(&self, group: ServiceId) -> bool {
        self.select.plan.guests(group).next().is_some()
    }

    /// The factor at `key`, which is not negative, and above zero where it must be.
    pub(super) fn factor(&mut self, key: &str, factor: f64, positive: bool) -> f64 {
        if factor < 0.0 || (positive && factor == 0.0) {
            let message = format!("the factor {factor} is out of range");
            let span = self.node.span_of(key);
            self.report(Diagnostic::error("S030", message).at(span, "must be above 0"));
        }
        factor
    }
}

/// Whether a group is a store that elects who leads.
fn elects(plan: &Plan, group: ServiceId) -> bool {
    let store = plan.services.get(group.0 as usize).and_then(|service| service.store.as_ref());
    store.is_some_and(|store| store.elected().is_some())
}

/// Two sides in words.
pub(super) fn between(from: Option<&str>, arrow: &str, to: Option<&str>) -> String {
    match (from, to) {
        (None, None) => "everywhere".to_owned(),
        _ => format!("{} {arrow} {}", from.unwrap_or("anybody"), to.unwrap_or("anybody")),
    }
}
