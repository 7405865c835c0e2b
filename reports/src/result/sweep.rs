use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Engine, LoadResult, OutcomeKind, Verdict};

/// The same scenario under many seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepResult {
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
    /// The engine that moved the worlds.
    pub engine: Engine,
    /// Some runs were stopped or not made.
    pub interrupted: bool,
    /// The verdict over all seeds.
    pub verdict: Verdict,
    /// How many seeds passed, and what is required of them.
    pub seeds_passed: Tally,
    /// The share of seeds that must pass, where the scenario requires one; else all must.
    pub require: Option<f64>,
    /// Each check over all seeds.
    pub checks: Vec<CheckTally>,
    /// Each run, in the order of seeds.
    pub runs: Vec<SeedRow>,
    /// The requests of all runs together.
    pub loads: BTreeMap<String, LoadResult>,
    /// The run that failed most checks or, among equals, by the largest margin.
    pub worst: Option<SeedRow>,
    /// What the loader found doubtful.
    pub warnings: Vec<String>,
}

/// One run of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeedRow {
    /// The seed.
    pub seed: u64,
    /// Its verdict.
    pub verdict: Verdict,
    /// Fingerprint of the run.
    pub digest: String,
    /// Measured value of each check, in the order of the file.
    pub measured: Vec<Option<f64>>,
    /// The same with units, for people.
    pub measured_text: Vec<String>,
    /// Whether each check passed; `null` where it is inconclusive.
    pub passed: Vec<Option<bool>>,
    /// Requests of each load by how they ended.
    pub outcomes: BTreeMap<String, BTreeMap<OutcomeKind, u64>>,
    /// The command that repeats the run.
    pub reproduce: String,
}

/// *k* of *n*, with the 95 % interval of Wilson (1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Successes.
    pub passed: u64,
    /// Trials.
    pub of: u64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// A check over many seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckTally {
    /// The load or service that it is declared under.
    pub subject: String,
    /// The check as written.
    pub expression: String,
    /// How many seeds passed it.
    pub tally: Tally,
    /// How many seeds had too few samples.
    pub inconclusive: u64,
}
