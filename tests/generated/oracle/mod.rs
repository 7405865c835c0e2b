//! What must hold of the result of any scenario.
//!
//! Each rule says something of every world or of worlds of some kind; what it needs of a world it
//! reads from the file. A rule that says nothing of any world is of no use, so each tells whether
//! it looked.

mod attempts;
mod bounds;
mod budgets;
mod causes;
mod checks;
mod circuits;
mod concurrency;
mod fails;
mod flow;
mod lanes;
mod latency;
mod members;
mod names;
mod patience;
mod server;
mod story;
mod totals;
mod traces;

use std::collections::BTreeSet;

use cascadia::result::{LoadResult, OutcomeKind, RunResult};
use serde_json::Value;

use super::world::{Call, Flow, Way, World, calls_in, ways};

/// A scenario and what came of it.
pub(crate) struct Case<'a> {
    pub(crate) world: World,
    pub(crate) result: &'a RunResult,
    /// Every way of every layer.
    pub(crate) ways: BTreeSet<Way>,
    /// How often each way is gone at most; only where everything is counted from the beginning.
    pub(crate) flow: Option<Flow>,
}

/// What became of a rule in a case.
#[derive(Default)]
pub(crate) struct Judge {
    pub(crate) looked: u64,
    pub(crate) broken: Vec<String>,
}

impl Judge {
    /// Looks whether something holds, and says with the figures what does not.
    pub(crate) fn expect(&mut self, holds: bool, figures: impl FnOnce() -> String) {
        self.looked += 1;
        if !holds && self.broken.len() < 3 {
            self.broken.push(figures());
        }
    }
}

/// A rule by its name.
pub(crate) type Rule = (&'static str, fn(&Case<'_>, &mut Judge));

/// Every rule, by what it is about.
pub(crate) fn rules() -> impl Iterator<Item = Rule> {
    let of = [
        totals::RULES,
        bounds::RULES,
        flow::RULES,
        budgets::RULES,
        concurrency::RULES,
        latency::RULES,
        members::RULES,
        patience::RULES,
        lanes::RULES,
        circuits::RULES,
        causes::RULES,
        server::RULES,
        attempts::RULES,
        fails::RULES,
        names::RULES,
        checks::RULES,
        story::RULES,
        traces::RULES,
    ];
    of.into_iter().flatten().copied()
}

impl<'a> Case<'a> {
    pub(crate) fn new(file: &Value, result: &'a RunResult) -> Self {
        let world = World::read(file);
        let offered = |name: &str| result.loads[name].offered as f64;
        let flow = (world.warmup == 0 && !world.has_mail).then(|| Flow::of(&world, offered));
        Self { ways: ways(&world), flow, world, result }
    }

    /// Everything is counted, as there is no warm-up.
    pub(crate) fn counts_all(&self) -> bool {
        self.world.warmup == 0
    }
}

pub(crate) fn outcome(load: &LoadResult, kind: OutcomeKind) -> u64 {
    load.outcomes.get(&kind).copied().unwrap_or(0)
}

/// Whether two figures are the same but for rounding.
pub(crate) fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-6)
}

/// Every call of a service, and from whom. Who falls back on it has no name here.
pub(crate) fn calls_of<'a>(case: &'a Case<'_>, service: &str) -> Vec<(&'a str, &'a Call)> {
    let world = &case.world;
    let loads = world.loads.iter().map(|(name, load)| (name.as_str(), &load.call));
    let services = world.services.iter().flat_map(|(name, service)| {
        let steps = service.endpoints.values().map(|endpoint| &endpoint.steps);
        steps.flat_map(|steps| calls_in(steps)).map(|call| (name.as_str(), call))
    });
    let fallbacks = world.policies.values().flatten().flat_map(|layer| &layer.fallbacks);
    let fallbacks = fallbacks.map(|(_, call)| ("", call));
    loads.chain(services).chain(fallbacks).filter(|(_, call)| call.service == service).collect()
}
