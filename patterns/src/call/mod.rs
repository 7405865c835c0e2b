//! What travels through a policy stack: one request, one failure, one call trait.

mod apart;
mod classify;
mod failure;
mod request;
mod service;
mod tie;

pub use self::apart::{Apart, MOST_COPIES};
pub use self::classify::{Class, Classify, DefaultClassifier, Pushback};
pub use self::failure::{Failure, Layer, Reason, Rejection};
pub use self::request::{Context, Key, Request, SpanId, TraceId};
pub use self::service::{BoxFuture, Call, Outcome, Stack, call_fn};
pub use self::tie::Tie;
