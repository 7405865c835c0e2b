use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OutcomeKind;

/// Requests of a load that failed in one way, for one reason: that of whoever failed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CauseResult {
    /// How they ended.
    pub outcome: OutcomeKind,
    /// What became of the call that failed first.
    pub why: WhyKind,
    /// Who called: a load or a service. It is not said where the callee answered with an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The service that was called.
    pub callee: String,
    /// The layer that refused or stopped waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Why it was refused, or what kind of error was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How far the call had come when it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageKind>,
    /// The service that the callee waited for then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// How many.
    pub count: u64,
}

/// What became of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyKind {
    /// A layer of the caller refused it, and it was not sent.
    RefusedHere,
    /// The callee refused it.
    RefusedThere,
    /// A layer of the caller stopped waiting.
    GaveUp,
    /// A layer of the callee stopped waiting.
    GaveUpThere,
    /// The callee answered with an error.
    Answered,
    /// The callee, a broker, did not confirm what the caller published.
    Unconfirmed,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// It has not arrived.
    Sent,
    /// Who was called has gone.
    Down,
    /// It waits for a worker.
    Waiting,
    /// It is worked on.
    Working,
    /// Whoever works on it waits for somebody else.
    Calling,
    /// The answer is on its way, or lost.
    Answered,
}

impl WhyKind {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RefusedHere => "refused_here",
            Self::RefusedThere => "refused_there",
            Self::GaveUp => "gave_up",
            Self::GaveUpThere => "gave_up_there",
            Self::Answered => "answered",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

impl StageKind {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Down => "down",
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Calling => "calling",
            Self::Answered => "answered",
        }
    }
}
