use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The verdict of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every check and every invariant holds.
    Passed,
    /// A check failed or an invariant is broken.
    Failed,
    /// Nothing failed, but a check could not be judged.
    Inconclusive,
}

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// Too few samples, or no window to take them from; `measured_text` says which.
    Inconclusive,
}

/// A check of the scenario and what was measured for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckResult {
    /// The load or service that it is declared under, or `all loads`.
    pub subject: String,
    /// The check as written, such as `p99 < 800ms`.
    pub expression: String,
    /// The measured value in the unit of the bound: nanoseconds, a share in 0..1, requests per
    /// second, or a count. For `within` the value in the window that is least likely to be chance; for
    /// `recovered` how long it took, and for `metastable` after how many faults a load was.
    pub measured: Option<f64>,
    /// The measured value with its unit, for people; where the check is inconclusive, why it is.
    pub measured_text: String,
    /// The bound, in the same unit. For `within` what is let pass on the side of the measured value.
    pub bound: f64,
    /// The bound with its unit, for people.
    pub bound_text: String,
    /// Whether it holds. An inconclusive check has not passed.
    pub passed: bool,
    /// The same, three-valued.
    pub status: CheckStatus,
    /// The beginning of the window that decided, in nanoseconds.
    pub window_start_ns: u64,
    /// The end of the window that decided, in nanoseconds.
    pub window_end_ns: u64,
}

/// A law that every run must keep; a violation is a defect of the simulator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invariant {
    /// Its name, such as `flow-conservation`.
    pub name: String,
    /// Whether the run kept it.
    pub passed: bool,
    /// What was compared, with the figures.
    pub detail: String,
}
