use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::own::{Own, OwnParticipant};
use cascadia_models::plan::Plan;
use cascadia_patterns::saga::definition::Definition;

use crate::analysis::Bill;
use crate::checks::Check;
use crate::components::Registry;
use crate::diagnostics::{Diagnostic, Source};
use crate::faults::FaultText;

/// What to change about a file when it is loaded.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The variant to apply.
    pub variant: Option<String>,
    /// Changes of the form `path=value`, applied after the variant, in order.
    pub sets: Vec<String>,
    /// Lifts the limits.
    pub force: bool,
    /// The kinds of components that there are.
    pub registry: Registry,
    /// Who does what a service consumes instead of its steps, by the name of the service.
    pub consumers: BTreeMap<String, Own>,
    /// By which definition the sagas of a name go instead of that of the file.
    pub sagas: BTreeMap<String, Arc<Definition>>,
    /// Who does the steps of sagas with the steps of the file, by the name of the service.
    pub participants: BTreeMap<String, OwnParticipant>,
}

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// What it answers.
    pub question: Option<String>,
    /// The variant that was applied.
    pub variant: Option<String>,
    /// What is to be simulated.
    pub plan: Plan,
    /// The seed of a single run.
    pub seed: u64,
    /// How many seeds a check tries, if the file says so.
    pub seeds: Option<u64>,
    /// The share of seeds that must pass, if the file says so.
    pub require: Option<f64>,
    /// What a run costs.
    pub bill: Bill,
    /// Bytes of requests under way at which a run is ended.
    pub most_held: u64,
    /// What must hold, by subject and then in the order of the file.
    pub checks: Vec<Check>,
    /// The variants of the file, by name.
    pub variants: Vec<Variant>,
    /// What is probably not meant, by position.
    pub warnings: Vec<Diagnostic>,
    /// The texts that labels point into.
    pub sources: Vec<Source>,
    /// The file after the variant and all changes.
    pub resolved: serde_json::Value,
    /// The faults in words, in the order of the plan.
    pub faults: Vec<FaultText>,
}

/// A variant of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What it changes, in words.
    pub description: Option<String>,
    /// Its checks are meant to fail.
    pub expect_fail: bool,
}
