use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OutcomeKind;

/// A request that was followed: an example of what the requests of a load go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exemplar {
    /// What it is an example of.
    pub of: ExemplarKind,
    /// Its load.
    pub load: String,
    /// Its key, which tells it from all others.
    pub request: String,
    /// How it ended.
    pub outcome: OutcomeKind,
    /// What its time was spent on: itself first, and each of the others behind the one that it is part of.
    pub spans: Vec<Span>,
    /// How much more there is of it, which was not kept.
    pub left_out: u64,
}

/// What a request is an example of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExemplarKind {
    /// The commonest way to fail: it is the first that did.
    Failed,
    /// Success that took long: none took longer.
    Slowest,
    /// Success that took as long as usual.
    Median,
}

/// A part of the time of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The span that it is part of, as a position in `spans`; absent of the request itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// What goes on.
    pub kind: SpanKind,
    /// Who is called, or what waits: a load, a service, a replica, a layer, or a topic.
    pub name: String,
    /// When it begins.
    pub begin_ns: u64,
    /// When it ends.
    pub end_ns: u64,
    /// How what was called ended; absent where its caller had gone before, and where nothing was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeKind>,
    /// What there is to say of that.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What goes on in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// The request itself, from its intended send until its user is told.
    Request,
    /// A call of a service, with all its tries.
    Call,
    /// What a layer does: it refuses, waits, or makes other than one call of one.
    Layer,
    /// A layer waits, as before another try.
    Wait,
    /// A call to one replica.
    Attempt,
    /// A copy of such a call, which is sent beside it.
    Copy,
    /// It is on its way.
    There,
    /// It waits for a worker.
    Queue,
    /// It is worked on.
    Work,
    /// The answer is on its way.
    Back,
    /// A message is published, until its publisher goes on.
    Publish,
    /// Something is asked by message, until the reply comes.
    Ask,
}

impl ExemplarKind {
    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Slowest => "slowest",
            Self::Median => "median",
        }
    }
}

impl SpanKind {
    /// It is one of the stages of an attempt.
    pub const fn is_stage(self) -> bool {
        matches!(self, Self::There | Self::Queue | Self::Work | Self::Back)
    }

    /// Somebody is called in it, so it has an outcome unless its caller had gone.
    pub const fn is_called(self) -> bool {
        !self.is_stage() && !matches!(self, Self::Wait)
    }
}

impl Exemplar {
    /// From its intended send until its user was told.
    pub fn latency_ns(&self) -> u64 {
        self.spans.first().map_or(0, Span::nanos)
    }
}

impl Span {
    /// How long it lasts.
    pub const fn nanos(&self) -> u64 {
        self.end_ns - self.begin_ns
    }
}
