//! What layers report while they work.
//!
//! A policy that acts silently cannot be understood. Each layer is built with an observer and
//! tells it of every decision; what becomes of that (a metric, a log line, a chart) is not the
//! layer's business.

use std::time::Duration;

use cascadia_runtime::Time;

use crate::call::{Rejection, SpanId, TraceId};

/// Receives what a layer reports. Called inside a call: it must be quick, must not block and must
/// not ask the layers of the stack, which may be at work.
pub trait Observe: Send + Sync {
    /// A layer did something at `now`.
    fn signal(&self, now: Time, signal: &Signal<'_>);
}

/// Ignores everything.
impl Observe for () {
    fn signal(&self, _: Time, _: &Signal<'_>) {}
}

/// What a layer reports.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Signal<'a> {
    /// A circuit breaker moved from one state to another.
    Breaker {
        /// The state it left.
        from: BreakerState,
        /// The state it is in now.
        to: BreakerState,
    },
    /// The layer refused a call.
    Rejected(&'a Rejection),
    /// The layer stopped waiting for a call.
    TimedOut,
    /// The layer tries a call again.
    Retrying {
        /// Which try is next, from 1.
        attempt: u16,
        /// How long it waits before.
        delay: Duration,
    },
    /// The layer would have tried again but may not.
    RetryDenied {
        /// Why not.
        reason: RetryDenied,
        /// The user's request that goes without.
        trace: TraceId,
    },
    /// An endpoint was taken out of the choice of its balancer.
    Ejected {
        /// Its position among the endpoints.
        endpoint: usize,
        /// What it did.
        reason: Ejection,
    },
    /// An endpoint may be chosen again.
    Restored {
        /// Its position among the endpoints.
        endpoint: usize,
    },
    /// A request of a trace began.
    Span {
        /// The user's request that it serves.
        trace: TraceId,
        /// Its own id.
        span: SpanId,
        /// The request that it is made for; zero at the beginning of a trace.
        parent: SpanId,
    },
    /// A quantity that the layer steers by has another value.
    Level(Level, f64),
    /// Something happened that is worth counting.
    Count(Count),
}

/// A quantity that a layer steers by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// Retries or hedges that the budget would pay for now.
    Budget,
    /// Calls that may be under way at once.
    Limit,
    /// The share of calls that is refused, from 0 to 1.
    Refused,
    /// Endpoints that are ejected.
    Ejected,
    /// How long a call is waited for before a copy is sent, in seconds.
    HedgeDelay,
}

/// What is counted of a layer, besides its rejections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Count {
    /// An outcome came after the state that admitted its call had ended.
    LateOutcome,
    /// A retry did what the tries before it did not.
    RetrySucceeded,
    /// A call was admitted to find out whether an open circuit may close.
    Probe,
    /// A circuit that only counts would have opened.
    WouldOpen,
    /// An endpoint was found to be an outlier and stays, for too many are ejected already.
    EjectionDenied,
    /// A copy of a call was sent.
    Hedged,
    /// A copy of a call won against the first.
    HedgeWon,
    /// A copy was due and the budget did not pay for it.
    HedgeDenied,
    /// A call was answered by its fallback.
    FellBack,
    /// A call failed and its fallback had no answer either.
    FallbackFailed,
}

/// Why an endpoint is an outlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ejection {
    /// Errors in a row.
    ConsecutiveErrors,
    /// Errors in a row that say that it is overloaded or does not answer.
    ConsecutiveGatewayErrors,
    /// Calls in a row that brought no answer.
    ConsecutiveLocalErrors,
    /// Its share of successes is far below that of the others.
    SuccessRate,
    /// Its share of failures is too large by itself.
    FailurePercentage,
}

/// The states of a circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakerState {
    /// Calls pass and are counted.
    Closed,
    /// Calls are refused.
    Open,
    /// A few probes pass.
    HalfOpen,
    /// Held open by hand.
    ForcedOpen,
    /// Calls pass and nothing is counted.
    Disabled,
    /// Calls pass and are counted, and the circuit never opens.
    MetricsOnly,
}

/// Why a retry was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetryDenied {
    /// The retry budget is spent.
    Budget,
    /// The deadline would pass before the retry could be useful.
    Deadline,
    /// The request is neither safe nor keyed, and may have had an effect.
    Unsafe,
    /// The request cannot be sent twice.
    NotCloneable,
    /// The server asked to wait longer than the policy allows.
    RetryAfter,
    /// The server asked not to be tried again.
    Pushback,
    /// The request has come over too many hops; whoever is nearer to the user retries.
    Depth,
}
