use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One layer of a policy on its way to a target over [warm-up, duration), all its instances
/// together. What never happened is left out of the maps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyResult {
    /// Calls that it refused, by reason, such as `open`, `full` or `expired`.
    pub rejected: BTreeMap<String, u64>,
    /// Calls that it stopped waiting for.
    pub timed_out: u64,
    /// Retries that it decided on: how many were the first of their call, the second,
    /// and so on; the 32nd and those after it together.
    pub retries: Vec<u64>,
    /// Retries that it would have made but was not allowed to, by reason, such as `budget`.
    pub denied: BTreeMap<String, u64>,
    /// Whatever else it did, such as `opened` or `late_outcome`.
    pub counts: BTreeMap<String, u64>,
    /// Quantities that it steers by, such as `budget` or `limit`.
    pub levels: BTreeMap<String, LevelResult>,
}

/// A quantity that a layer steers by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelResult {
    /// The mean over the instances at the end of the run.
    pub last: Option<f64>,
    /// The least value that an instance had.
    pub min: Option<f64>,
    /// The greatest value that an instance had.
    pub max: Option<f64>,
}

/// One layer of a policy on its way to a target over time, all its instances together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicySeries {
    /// Calls that it refused, by reason.
    pub rejected: BTreeMap<String, Vec<u64>>,
    /// Calls that it stopped waiting for; empty where there were none.
    pub timed_out: Vec<u64>,
    /// Retries that it decided on: the first of their call, the second, and so on; the 32nd and
    /// those after it together.
    pub retries: Vec<Vec<u64>>,
    /// Retries that it would have made but was not allowed to, by reason.
    pub denied: BTreeMap<String, Vec<u64>>,
    /// Whatever else it did.
    pub counts: BTreeMap<String, Vec<u64>>,
    /// Quantities that it steers by.
    pub levels: BTreeMap<String, LevelSeries>,
}

/// A quantity that a layer steers by over time; `null` before the first instance had one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelSeries {
    /// The mean over the instances at the end of the window.
    pub mean: Vec<Option<f64>>,
    /// The least value that an instance had in the window.
    pub min: Vec<Option<f64>>,
    /// The greatest value that an instance had in the window.
    pub max: Vec<Option<f64>>,
}
