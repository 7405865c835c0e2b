//! From decoded elements to a plan: names become indices, quantities base units.

mod broker;
mod contention;
mod events;
mod faults;
mod hosts;
mod links;
mod load;
mod locks;
mod mail;
mod names;
mod once;
mod operator;
mod saga;
mod script;
mod service;
mod timing;
mod two_phase;

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::own::{Own, OwnParticipant};
use cascadia_models::plan::{ComponentPlan, LedgerPlan, Plan, ServicePlan, Spoils, StackPlan};
use cascadia_patterns::saga::definition::Definition;

pub(crate) use self::faults::{faults, groups};
pub(crate) use self::once::known;

use self::timing::Timing;
use crate::components;
use crate::diagnostics::{Diagnostic, Report};
use crate::elements::Ledger;
use crate::layers;
use crate::names::Names;
use crate::read::{File, Named};
use crate::sagas::Saga;
use crate::text::Span;

/// More replicas are refused, and nothing is laid out for them before.
pub(crate) const MOST_REPLICAS: u32 = 100_000;

/// A plan without probes, and what checks need to know besides.
pub(crate) struct Resolved<'a> {
    pub(crate) plan: Plan,
    pub(crate) names: Names<'a>,
    pub(crate) timing: Timing,
    pub(crate) seeds: Option<u64>,
    pub(crate) require: Option<f64>,
    /// The faults, by name.
    pub(crate) faults: BTreeMap<String, FaultName>,
    /// There is a fault whose name cannot be read, and might be any.
    pub(crate) nameless: bool,
    /// The names of those whom each fault of the plan may hit.
    pub(crate) hits: Vec<Vec<String>>,
}

/// A fault, as windows and baselines refer to it.
pub(crate) struct FaultName {
    /// Where it is named.
    pub(crate) span: Span,
    /// When it begins and ends; nothing where what is written of it is wrong.
    pub(crate) when: Option<(u64, u64)>,
}

impl Resolved<'_> {
    /// Lets some do themselves what services consume.
    pub(crate) fn hand_over(&mut self, consumers: &BTreeMap<String, Own>, report: &mut Report) {
        for (name, own) in consumers {
            let service = self.plan.services.iter_mut().find(|service| service.name == *name);
            let consumes = service.map(|service| &mut service.consumes[..]).unwrap_or_default();
            if consumes.is_empty() {
                let message = format!("service `{name}`, which has a consumer, consumes nothing");
                let place = self.names.services.get(name.as_str());
                let help = "write `consume` there, with the topic";
                let diagnostic = Diagnostic::error("S048", message).help(help);
                report.push(match place {
                    Some(place) => diagnostic.at(place.key, "this service"),
                    None => diagnostic,
                });
            }
            consumes.iter_mut().for_each(|consume| consume.own = Some(own.clone()));
        }
    }

    /// Lets some do themselves what services do once for sagas.
    pub(crate) fn let_take_part(
        &mut self,
        participants: &BTreeMap<String, OwnParticipant>,
        report: &mut Report,
    ) {
        for (name, own) in participants {
            let service = self.plan.services.iter_mut().find(|service| service.name == *name);
            let is_once = |service: &&mut ServicePlan| service.endpoints.iter().any(|it| it.once);
            match service.filter(is_once) {
                Some(service) => service.own = Some(own.clone()),
                None => {
                    let message =
                        format!("service `{name}`, which takes part in sagas, does nothing once");
                    let help = "let an endpoint that a step calls be `once`";
                    report.push(Diagnostic::error("S048", message).help(help));
                }
            }
        }
    }
}

/// The plan of a file without its faults. With errors in the report it is only good for finding
/// more of them.
pub(crate) fn resolve<'a>(
    file: &File<'a>,
    own: &BTreeMap<String, Arc<Definition>>,
    report: &mut Report,
) -> Resolved<'a> {
    let names = names::names(file, report);
    not_empty(file, report);
    let timing = Timing::new(file, report);
    let stacks: Vec<StackPlan> =
        file.policies.iter().map(|policy| layers::stack(policy, &names, report)).collect();
    layers::check_fallbacks(&file.policies, report);
    let services = file.services.iter();
    let mut services: Vec<_> =
        services.map(|el| service::service(el, file, &names, report)).collect();
    let events = events::choreographies(file, &mut services, &names, report);
    let together = two_phase::together(file, &mut services, &names, report);
    let mail = mail::Mail::new(&services);
    mail.check(file, &services, report);
    let (services, duration) = (services, timing.duration);
    let world = broker::World { file, services: &services, mail: &mail, events: &events, duration };
    let loads: Vec<_> =
        file.loads.iter().map(|el| load::load(el, &names, &timing, report)).collect();
    let mut component = |el: &components::ComponentEl<'_>| {
        let of_events = || events::Choreography::of(&events, el.name);
        let of_saga = || saga::saga(el, (&services, &loads, &names), own, report);
        let is_it = |plan: &&ComponentPlan| plan.name == el.name;
        let of_two_phase = || together.iter().find(is_it).cloned();
        let plan = world.broker(el).or_else(of_events).or_else(of_two_phase).or_else(of_saga);
        let plan = plan.unwrap_or_else(|| components::plan(el));
        hosts::hosted(plan, el, &services, &names, report)
    };
    let components: Vec<_> = file.components.iter().map(&mut component).collect();
    let mut links = links::links(file, &names, report);
    hosts::share(&mut links, services.len(), &components);
    unknown(own, file, report);
    let run = file.run.as_ref();
    Resolved {
        plan: Plan {
            seed: run.map_or(1, |run| run.seed),
            duration: timing.duration,
            warmup: timing.warmup,
            services,
            ledgers: file.ledgers.iter().map(ledger).collect(),
            components,
            stacks,
            links,
            loads,
            faults: Vec::new(),
            probes: Vec::new(),
            spoils: Spoils::default(),
        },
        names,
        timing,
        seeds: run.and_then(|run| run.seeds),
        require: run.and_then(|run| run.require),
        faults: BTreeMap::new(),
        nameless: false,
        hits: Vec::new(),
    }
}

/// Reports definitions that are given for sagas that nobody drives.
fn unknown(own: &BTreeMap<String, Arc<Definition>>, file: &File<'_>, report: &mut Report) {
    let has = |name: &str| {
        let sagas = file.components.iter().filter(|element| element.name == name);
        let mut sagas = sagas.filter_map(|element| element.saga.as_ref()?.value.as_ref());
        sagas.any(Saga::is_driven)
    };
    for name in own.keys().filter(|name| !has(name)) {
        let message =
            format!("no orchestrator drives a saga `{name}`, for which there is a definition");
        report.push(
            Diagnostic::error("S048", message).help("write it under `sagas`, with its steps"),
        );
    }
}

fn ledger(element: &Named<'_, Ledger>) -> LedgerPlan {
    let start = element.value.as_ref().map_or(0, |ledger| ledger.start.into());
    LedgerPlan { name: element.name.to_owned(), start }
}

fn not_empty(file: &File<'_>, report: &mut Report) {
    let sections = [("services", file.services.is_empty()), ("load", file.loads.is_empty())];
    for (name, _) in sections.iter().filter(|(_, empty)| *empty) {
        if let Some(member) = file.root.member(name) {
            let message = format!("`{name}` is empty, so there is nothing to simulate");
            report.push(Diagnostic::error("S013", message).at(member.node.span, "empty"));
        }
    }
}
