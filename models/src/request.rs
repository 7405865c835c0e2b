//! What travels between modelled services.

use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::{Call, Context, Failure, Layer, Outcome, Request as _};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::exchange::Exchange;
use crate::plan::{EndpointId, LoadId};

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
    /// The key of this attempt: another attempt is other work.
    pub(crate) fn attempt_key(&self) -> u64 {
        cascadia_runtime::mix(self.key, u64::from(self.context().attempt))
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

/// An error that a service answers with: its own, or that of a service behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError(pub(crate) Cause);

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service failed: {:?}", self.0)
    }
}

impl std::error::Error for ServiceError {}

impl Cause {
    pub(crate) fn of(failure: &Failure<ServiceError>) -> Self {
        match failure {
            Failure::Service(error) => error.0,
            Failure::TimedOut(_) => Self::Timeout,
            Failure::Rejected(rejection) if rejection.by == Layer::Breaker => Self::ShortCircuit,
            Failure::Rejected(_) => Self::Rejected,
        }
    }
}

/// An answer carries nothing but its coming.
pub(crate) type Answer = Outcome<(), ServiceError>;

/// Anything that a request can be sent through.
pub(crate) type Route = Arc<dyn Call<Request, (), ServiceError>>;
