//! What travels through a policy stack: one request, one failure, one call trait.

mod apart;
mod attempt;
mod baggage;
mod class;
mod classify;
mod endpoint;
mod failure;
mod kind;
mod kinds;
mod request;
mod service;
#[cfg(test)]
mod tests;
mod tie;
mod tried;

pub use self::apart::{Apart, MOST_COPIES};
pub use self::attempt::Attempt;
pub use self::baggage::{Baggage, Carried, Key, SpanId, TraceId, TraceState};
pub use self::class::{Class, Pushback};
pub(crate) use self::classify::health;
pub use self::classify::{Classify, DefaultClassifier};
pub use self::endpoint::EndpointKey;
pub use self::failure::{Failure, Layer, Origin, Reason, Rejection, Sense, TimedOut};
pub use self::kind::Kind;
pub use self::kinds::{KindSet, Kinds};
pub use self::request::{Context, Request};
pub use self::service::{BoxFuture, Call, Outcome, Stack, Status, call_fn};
pub use self::tie::Tie;
pub use self::tried::Tried;
