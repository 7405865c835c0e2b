use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was on the wire around one message, or one saga: the worst of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageCapture {
    /// Of whom it is said what is wrong with it, such as `bus.orders inventory`.
    pub of: String,
    /// The number of the message, in the order in which those of its topic were published; of a saga the number that is its
    /// name.
    pub message: u64,
    /// What is wrong with it.
    pub suspicion: Suspicion,
    /// That should not have been so, by what is promised.
    pub breaks_promise: bool,
    /// When somebody began to publish it, where that is still known; of a saga, when it has begun.
    pub published_ns: Option<u64>,
    /// When it was noticed what is wrong; of what took longest, when it was done.
    pub noticed_ns: u64,
    /// What has become of it, in words.
    pub text: String,
    /// The log of a saga, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<String>,
    /// Who has to do with it: who published it, the places of the broker, and the others.
    pub places: Vec<String>,
    /// What was sent, in the order in which it left: of the message, and next to that.
    pub transits: Vec<Transit>,
    /// What happened to the message at places, in order.
    pub marks: Vec<Mark>,
    /// How much more was sent of the message, between the first and the last of it that are kept.
    pub left_out: u64,
}

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// Nobody will ever do it.
    Lost,
    /// It was done twice.
    Doubled,
    /// It was done after a later one of its key.
    Disordered,
    /// It is a saga of which something is left over, or missing.
    Orphan,
    /// It is a saga that cannot go back, and waits for an operator.
    Stuck,
    /// Nothing, but no other took longer until it was done.
    Slowest,
}

/// Something on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transit {
    /// Of which kind it is, such as `publish`, `confirm`, `deliver` or `ack`.
    pub kind: String,
    /// Who sent it, as a position in `places`.
    pub from: usize,
    /// To whom.
    pub to: usize,
    /// When it left.
    pub sent_ns: u64,
    /// When it came; absent where it was lost on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrives_ns: Option<u64>,
    /// Somebody was there to receive it.
    pub is_received: bool,
    /// It is about the message.
    pub is_about: bool,
    /// What else there is to know of it: partition, offset, key, attempt.
    pub text: String,
}

/// What happened to a message at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// When.
    pub at_ns: u64,
    /// Where, as a position in `places`.
    pub place: usize,
    /// What, such as `done`.
    pub what: String,
}

impl MessageCapture {
    /// Whether it is of a saga, and not of a message.
    pub fn is_saga(&self) -> bool {
        matches!(self.suspicion, Suspicion::Orphan | Suspicion::Stuck)
    }

    /// What it is of, such as `message 5` or `saga 00000000000000ff`.
    pub fn subject(&self) -> String {
        match self.is_saga() {
            true => format!("saga {:016x}", self.message),
            false => format!("message {}", self.message),
        }
    }
}
