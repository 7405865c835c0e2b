use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::terms::{Term, terms};

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
    /// On which side of the network: [`new`](Self::new) and [`Failure::from_peer`] say it.
    origin: Origin,
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

    /// On which side of the network it was made.
    pub const fn origin(&self) -> Origin {
        self.origin
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
                rejection.origin == Origin::Peer && rejection.reason.sense() != Sense::Expired
            }
            Self::TimedOut(layer) => *layer.property() != TimedOut::NotSent,
            Self::Service(_) => true,
        }
    }
}

/// A layer that rejects or times out.
pub type Layer = Term<TimedOut>;

/// What it means that a layer timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimedOut {
    /// It waited as long as it may.
    Waited,
    /// The call came too late to be sent.
    NotSent,
}

/// Why a layer refused.
pub type Reason = Term<Sense>;

/// What a refusal says to those who care for more than its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// There is no room.
    Overload,
    /// Whoever calls does so too often.
    TooOften,
    /// Nobody waits for the answer any more, which tells of the caller alone.
    Expired,
    /// The request is at fault, or comes at the wrong time.
    AtFault {
        /// The status by which HTTP says so.
        http: u16,
    },
    /// A circuit keeps calls from what fails.
    ShortCircuit {
        /// Nothing passes it until it says that one may come again.
        rests: bool,
    },
}

impl Reason {
    /// What a refusal for this reason says.
    pub const fn sense(self) -> Sense {
        *self.property()
    }
}

terms! { Reason:
    /// No permit was free.
    FULL = "full", Sense::Overload;
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
