//! What layers report while they work.
//!
//! A policy that acts silently cannot be understood. Each layer is built with an observer and
//! tells it of every decision; what becomes of that (a metric, a log line, a chart) is not the
//! layer's business.

use std::time::Duration;

use cascadia_runtime::Time;

use crate::call::{Rejection, SpanId, TraceId};
use crate::endpoints::EndpointKey;
use crate::terms::{Term, terms};

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
        /// Who it is.
        endpoint: EndpointKey,
        /// What it did.
        reason: Ejection,
    },
    /// An endpoint may be chosen again.
    Restored {
        /// Who it is.
        endpoint: EndpointKey,
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
pub type Level = Term<Unit>;

/// What a level is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many calls.
    Calls,
    /// So many endpoints.
    Endpoints,
    /// A part of a whole, from 0 to 1.
    Share,
    /// A time.
    Seconds,
}

impl Level {
    /// What it is measured in.
    pub const fn unit(self) -> Unit {
        *self.property()
    }
}

terms! { Level:
    /// The share of calls that is refused.
    REFUSED = "refused", Unit::Share;
}

/// What is counted of a layer, besides its rejections.
pub type Count = Term<Happening>;

/// Something that is worth counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening;

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

/// Every reason and its name.
const DENIALS: [(RetryDenied, &str); 7] = [
    (RetryDenied::Budget, "budget"),
    (RetryDenied::Deadline, "deadline"),
    (RetryDenied::Unsafe, "unsafe"),
    (RetryDenied::NotCloneable, "not_cloneable"),
    (RetryDenied::RetryAfter, "retry_after"),
    (RetryDenied::Pushback, "pushback"),
    (RetryDenied::Depth, "depth"),
];

impl RetryDenied {
    /// Every reason.
    pub const ALL: [Self; DENIALS.len()] = {
        let mut all = [Self::Budget; DENIALS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = DENIALS[at].0;
            at += 1;
        }
        all
    };

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        DENIALS[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_not_to_retry_stands_in_its_place() {
        for (at, reason) in RetryDenied::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, at, "{reason:?}");
        }
    }
}
