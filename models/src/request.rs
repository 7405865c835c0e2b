//! What travels between modelled services.

use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::{
    Call, Class, Classify, Context, DefaultClassifier, Failure, Layer, Outcome,
};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::exchange::Exchange;
use crate::plan::{EndpointId, LoadId, Status};

/// Told apart from attempts.
const COPY: u64 = 5 << 48;

/// A request to a modelled service.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) context: Context,
    pub(crate) endpoint: EndpointId,
    /// What the request is: every draw of its work is a mix of this.
    pub(crate) key: u64,
    /// The user's request that it serves.
    pub(crate) origin: Origin,
    /// Where it is noted that the connection of the request was accepted, if somebody asks.
    pub(crate) accepted: Option<Arc<Accepted>>,
    /// The call that it was made for, if a service makes it.
    pub(crate) parent: Option<Arc<Exchange>>,
}

/// When a connection was accepted.
pub(crate) type Accepted = Local<Option<Time>>;

/// The user's request behind a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) load: LoadId,
    /// The intended send.
    pub(crate) sent: Time,
}

impl cascadia_patterns::call::Request for Request {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

impl Request {
    /// The key of this attempt: another attempt is other work, and so is another copy.
    pub(crate) fn attempt_key(&self) -> u64 {
        self.try_key(self.key)
    }

    /// The same behind an inbound stack, for a request that came there with the key `far`. What the
    /// stack does not send again is the work that was asked for.
    pub(crate) fn inbound_key(&self, far: u64) -> u64 {
        if self.is_again() { self.try_key(far) } else { far }
    }

    fn try_key(&self, key: u64) -> u64 {
        let key = cascadia_runtime::mix(key, u64::from(self.context.attempt));
        match self.context.copy {
            0 => key,
            copy => cascadia_runtime::mix(key, COPY | u64::from(copy)),
        }
    }

    /// It does not carry the trace of the request that it is made for.
    pub(crate) fn is_orphan(&self) -> bool {
        let trace = self.context.trace;
        self.parent.as_ref().is_some_and(|parent| parent.request.context.trace != trace)
    }

    /// It is what the user asks, and neither made for that by a service nor in place of it by a
    /// fallback: those have keys of their own.
    pub(crate) fn is_own(&self) -> bool {
        self.parent.is_none() && self.key == self.context.trace.0 as u64
    }

    /// It is not the first that is sent for its call.
    pub(crate) fn is_again(&self) -> bool {
        self.context.attempt > 0 || self.context.copy > 0
    }
}

/// Why a request failed, as its user sees it. The first cause travels up unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A service answered with an error.
    Failed,
    /// Somebody stopped waiting.
    Timeout,
    /// A queue, a bulkhead or a deadline check refused.
    Rejected,
    /// An open circuit breaker refused.
    ShortCircuit,
}

/// Another try may help.
const HELPS: Class = Class::Failure { retryable: true, overload: false };

/// An error that a service answers with: its own, or that of a service behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) cause: Cause,
    class: Class,
    /// Nobody has worked on the request.
    untouched: bool,
}

impl ServiceError {
    /// The request failed, and may have had an effect.
    pub(crate) fn new(cause: Cause) -> Self {
        Self { cause, class: HELPS, untouched: false }
    }

    /// The service says what is wrong.
    pub(crate) fn called(status: Status) -> Self {
        let (class, untouched) = (status.class(), status.is_untouched());
        Self { cause: Cause::Failed, class, untouched }
    }

    /// Nobody listens where it was sent.
    pub(crate) fn refused() -> Self {
        Self { cause: Cause::Failed, class: HELPS, untouched: true }
    }
}

/// Judges the answers of modelled services.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Classifier;

impl Classify<Content, ServiceError> for Classifier {
    fn classify(&self, outcome: &Answer) -> Class {
        match outcome {
            Err(Failure::Service(error)) => error.class,
            _ => DefaultClassifier.classify(outcome),
        }
    }

    fn is_untouched(&self, outcome: &Answer) -> bool {
        match outcome {
            Err(Failure::Service(error)) => error.untouched,
            _ => DefaultClassifier.is_untouched(outcome),
        }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service failed: {:?}", self.cause)
    }
}

impl std::error::Error for ServiceError {}

impl Cause {
    pub(crate) fn of(failure: &Failure<ServiceError>) -> Self {
        match failure {
            Failure::Service(error) => error.cause,
            Failure::TimedOut(_) => Self::Timeout,
            Failure::Rejected(rejection) if rejection.by == Layer::Breaker => Self::ShortCircuit,
            Failure::Rejected(_) => Self::Rejected,
        }
    }
}

/// What an answer says besides its coming.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// A fallback stands in for something that it is made of.
    pub(crate) degraded: bool,
}

impl Content {
    /// What is made of this and `part`.
    pub(crate) fn with(self, part: Self) -> Self {
        Self { degraded: self.degraded || part.degraded }
    }
}

/// How a request to a modelled service ends.
pub(crate) type Answer = Outcome<Content, ServiceError>;

/// Anything that a request can be sent through.
pub(crate) type Route = Arc<dyn Call<Request, Content, ServiceError>>;
