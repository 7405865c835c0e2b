//! What travels through a policy stack: one request, one failure, one call trait.

mod apart;
mod classify;
mod failure;
mod request;
mod service;
#[cfg(test)]
mod tests;
mod tie;
mod tried;

pub use self::apart::{Apart, MOST_COPIES};
pub(crate) use self::classify::health;
pub use self::classify::{Class, Classify, DefaultClassifier, Pushback};
pub use self::failure::{Failure, Layer, Origin, Reason, Rejection, Sense, TimedOut};
pub use self::request::{Context, Key, Request, SpanId, TraceId};
pub use self::service::{BoxFuture, Call, Outcome, Stack, Status, call_fn};
pub use self::tie::Tie;
pub use self::tried::Tried;
