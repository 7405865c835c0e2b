use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    CheckResult, Collapse, ComponentResult, Engine, Exemplar, Invariant, LoadResult,
    MessageCapture, PolicyResult, RecoveryResult, Series, ServiceResult, Verdict,
};

/// One run: a scenario, a seed, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunResult {
    /// The version of this format.
    pub format: u32,
    /// The version of the simulator.
    pub version: String,
    /// The scenario's name.
    pub scenario: String,
    /// The question that the scenario asks.
    pub question: Option<String>,
    /// The variant, where one was chosen.
    pub variant: Option<String>,
    /// The seed.
    pub seed: u64,
    /// The engine that moved the world. Digests are equal only on one engine.
    pub engine: Engine,
    /// Fingerprint of every model event of the run, in order.
    pub digest: String,
    /// Fingerprint of the scenario as it was run.
    pub scenario_digest: String,
    /// Model events.
    pub events: u64,
    /// The run was stopped before its end; everything covers only `simulated_ns`.
    pub interrupted: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// Checks, in the order of the file.
    pub checks: Vec<CheckResult>,
    /// Laws that every run must keep.
    pub invariants: Vec<Invariant>,
    /// The duration of the scenario.
    pub duration_ns: u64,
    /// The warm-up, which is not counted.
    pub warmup_ns: u64,
    /// How far the run came.
    pub simulated_ns: u64,
    /// Each source of load.
    pub loads: BTreeMap<String, LoadResult>,
    /// Each service.
    pub services: BTreeMap<String, ServiceResult>,
    /// Each group of other components; absent where there is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ComponentResult>,
    /// Each layer of a policy on its way to a target, such as `standard.retry → db`, or into a
    /// service, such as `guard.deadline into db`. A place in the policy, as in
    /// `standard[3].timeout → db`, is given where it has several layers of the kind.
    pub policies: BTreeMap<String, PolicyResult>,
    /// Everything over time.
    pub series: Series,
    /// Faults, in the order of their beginning.
    pub faults: Vec<FaultLane>,
    /// What became of each load after each fault that ended within the run, in the order of the ends;
    /// nothing of a load without a success before the first fault, and nothing of a fault while another
    /// lasts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recoveries: Vec<RecoveryResult>,
    /// When goodput falls for the first time; absent where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collapse: Option<Collapse>,
    /// Circuit breakers and instances that changed state, by name.
    pub states: Vec<StateLane>,
    /// What was on the wire around the worst message; absent where nothing was published, and in runs of which
    /// no page is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<MessageCapture>,
    /// Requests that were followed, at most three; absent where nobody asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemplars: Vec<Exemplar>,
    /// What the loader or the run found doubtful.
    pub warnings: Vec<String>,
    /// The command that repeats this run.
    pub reproduce: String,
    /// The scenario as it was run, formatted.
    pub resolved: String,
}

/// A fault, as a lane on every time chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FaultLane {
    /// Its name.
    pub name: String,
    /// What it does, in words, such as `slow ×10 on db`.
    pub description: String,
    /// The services and groups of components that it may hit; absent where it is about everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<String>,
    /// When it begins.
    pub start_ns: u64,
    /// When it ends.
    pub end_ns: u64,
}

/// The states of one breaker or one instance over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateLane {
    /// Such as `gateway/0 → orders/3 breaker`, or `db/0` for an instance.
    pub name: String,
    /// The state at the beginning.
    pub initial: String,
    /// Every change, in order: `closed`, `open`, `half_open`; `up`, `down`; or of who comes and goes
    /// `absent`, `draining`, `left`.
    pub changes: Vec<StateChange>,
    /// Changes that were not kept because there were too many.
    pub dropped: u64,
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateChange {
    /// When.
    pub at_ns: u64,
    /// The state from then on.
    pub state: String,
}
