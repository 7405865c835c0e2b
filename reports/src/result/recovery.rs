use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a load after a fault that ended within the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryResult {
    /// The fault.
    pub fault: String,
    /// The first to begin of those that overlap with it, one with the next; absent where that is itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it ended, in nanoseconds.
    pub fault_end_ns: u64,
    /// The load.
    pub load: String,
    /// How long it was watched, in nanoseconds of simulated time.
    pub until_ns: u64,
    /// The fault, or the load that begins or ends, that ended the watch; none at the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The verdict.
    pub verdict: RecoveryKind,
    /// How long after the end of the fault goodput was back for good; none where it was not.
    pub goodput_after_ns: Option<u64>,
    /// How long after it latency was.
    pub latency_after_ns: Option<u64>,
    /// The least share of the successes due that came in any second since the fault, or the first of those
    /// that overlap with it, began; none where it was never measurably low.
    pub depth: Option<f64>,
    /// How many fewer successes came than were due, from then until it was back. Some of them may have come
    /// later.
    pub lost: f64,
    /// What keeps it down, where it is metastable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sustained: Option<Sustained>,
}

/// What became of a load after a fault.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryKind {
    /// Goodput and latency are back for good.
    Recovered,
    /// They are not.
    NotRecovered,
    /// They are not, though the fault is gone and the load is as before, because an overload sustains
    /// itself.
    Metastable,
    /// Too few requests came to tell.
    TooFew,
    /// The load is not the one from before, by plan, so there is nothing to come back to.
    OtherLoad,
}

/// An overload that sustains itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sustained {
    /// The service that is overloaded.
    pub service: String,
    /// The share of its work that is for callers that had gone.
    pub wasted_share: f64,
    /// The share of its work that goes into refusing.
    pub refusing_share: f64,
    /// How many requests wait there.
    pub waiting: f64,
    /// Attempts for each request before the first fault.
    pub attempts_before: f64,
    /// Attempts for each request now.
    pub attempts: f64,
    /// Retries are among what makes them more.
    pub retries: bool,
    /// Copies are.
    pub copies: bool,
}

/// The first time at which goodput of all loads together falls.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Collapse {
    /// The beginning of the first window that has less than its share.
    pub at_ns: u64,
    /// Successes a second from there on, over a second or as much longer as it takes for a loss to show.
    pub goodput_per_s: f64,
    /// Those that were due.
    pub due_per_s: f64,
}
