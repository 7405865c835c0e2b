use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why a call did not succeed: the one error type of every layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// A layer refused the call; the work was not begun.
    Rejected(Rejection),
    /// A layer stopped waiting. The work may still go on elsewhere.
    TimedOut(Layer),
    /// The service answered with an error.
    Service(E),
}

/// A refusal: who, why, and what the caller may do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The layer that refused.
    pub by: Layer,
    /// Why.
    pub reason: Reason,
    /// On which side of the network.
    pub origin: Origin,
    /// When trying again makes sense, counted from now.
    pub retry_after: Option<Duration>,
    /// The request has not reached the application, so sending it again cannot repeat an effect.
    pub safe_to_retry: bool,
}

/// Where a refusal was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Here, before anything was sent. It says nothing of the server.
    Local,
    /// By whoever was asked. It came over the network.
    Peer,
}

impl Rejection {
    /// A layer refuses a call here, before it was begun, and does not know for how long.
    pub const fn new(by: Layer, reason: Reason) -> Self {
        Self { by, reason, origin: Origin::Local, retry_after: None, safe_to_retry: true }
    }

    /// It does know.
    #[must_use]
    pub const fn until(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }

    /// There is no use in sending the request again.
    #[must_use]
    pub const fn for_good(self) -> Self {
        Self { safe_to_retry: false, ..self }
    }
}

impl<E> Failure<E> {
    /// The same failure as who sent the request sees it, when it comes over the network.
    #[must_use]
    pub fn from_peer(self) -> Self {
        match self {
            Self::Rejected(rejection) => {
                Self::Rejected(Rejection { origin: Origin::Peer, ..rejection })
            }
            other => other,
        }
    }

    /// Whether it says anything of the server. What was refused on this side does not, and neither
    /// does a deadline that had passed before the work was begun, wherever that was noticed: both
    /// tell of the caller.
    pub fn is_of_server(&self) -> bool {
        match self {
            Self::Rejected(rejection) => {
                rejection.origin == Origin::Peer && rejection.reason != Reason::Expired
            }
            Self::TimedOut(layer) => *layer != Layer::Deadline,
            Self::Service(_) => true,
        }
    }
}

/// The kinds of layer that reject or time out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Layer {
    /// [`timeout`](crate::timeout).
    Timeout,
    /// The connection: it was not accepted in time, or nothing came over it for too long.
    Connection,
    /// [`deadline`](crate::deadline). A timeout by it is that of a call whose deadline had passed
    /// when it came, so that it was not sent.
    Deadline,
    /// [`retry`](crate::retry).
    Retry,
    /// [`breaker`](crate::breaker).
    Breaker,
    /// [`bulkhead`](crate::bulkhead).
    Bulkhead,
    /// [`limit`](crate::limit).
    Limit,
    /// [`rate_limit`](crate::rate_limit).
    RateLimit,
    /// [`shed`](crate::shed).
    Shed,
    /// [`balance`](crate::balance).
    Balance,
    /// [`throttle`](crate::throttle).
    Throttle,
    /// The queue of the service itself.
    Queue,
}

/// Why a layer refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The circuit is open.
    Open,
    /// The circuit is half-open and its probes are taken.
    ProbesTaken,
    /// No permit was free.
    Full,
    /// A permit was waited for too long.
    WaitedTooLong,
    /// So many calls have passed that this one must come later.
    RateLimited,
    /// There is more work than can be done, and other work matters more.
    Overloaded,
    /// The deadline of the request has passed.
    Expired,
    /// There is no endpoint to send to.
    NoEndpoint,
    /// Too little of what is sent is accepted.
    Throttled,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Deadline => "deadline",
            Self::Retry => "retry",
            Self::Breaker => "breaker",
            Self::Bulkhead => "bulkhead",
            Self::Limit => "limit",
            Self::RateLimit => "rate limit",
            Self::Shed => "shedder",
            Self::Balance => "balance",
            Self::Throttle => "throttle",
            Self::Queue => "queue",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::ProbesTaken => "probes taken",
            Self::Full => "full",
            Self::WaitedTooLong => "waited too long",
            Self::RateLimited => "rate limited",
            Self::Overloaded => "overloaded",
            Self::Expired => "expired",
            Self::NoEndpoint => "no endpoint",
            Self::Throttled => "throttled",
        })
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rejected by the {}: {}", self.by, self.reason)
    }
}

impl Error for Rejection {}

/// An error of the service is shown as it is: there are such as no [`source`](Error::source) leads
/// to.
impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::TimedOut(layer) => write!(f, "the {layer} stopped waiting"),
            Self::Service(error) => error.fmt(f),
        }
    }
}

/// A layer is the first cause of what it refuses or gives up. The cause of anything else is the
/// error of the service.
impl<E: Error + 'static> Error for Failure<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Service(error) => Some(error),
            Self::Rejected(_) | Self::TimedOut(_) => None,
        }
    }
}
