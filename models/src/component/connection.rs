use std::fmt;
use std::sync::Arc;

use super::{Outbox, Parcel, PlaceId, Sent};

/// A way from one place to another on which what is sent later does not come earlier, unless a fault
/// reorders it.
///
/// What a link loses is sent again, as TCP does, and all that was sent after it waits. After some 13 s
/// the connection is given up with all of that, which is told as a [`Body::Reset`](super::Body::Reset), and what is
/// sent then goes over another one. That a process is not there ([`Death::Process`](super::Death::Process)) is told
/// at once in the same way. A machine that is not there tells nothing, so what comes to it is lost and sent again;
/// once it is back it knows nothing of the connection, and says so.
#[derive(Clone)]
pub struct Connection {
    to: PlaceId,
    outbox: Arc<Outbox>,
    /// Nothing leads to who cannot be sent to.
    lane: Option<Arc<dyn Lane>>,
}

/// Where something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) from: PlaceId,
    pub(crate) to: PlaceId,
    /// It is the way back of a connection, over the link of whoever made it.
    pub(crate) is_back: bool,
}

/// What lies on a way.
pub(crate) trait Lane: Send + Sync {
    /// Sends something that wants no answer.
    fn send(self: Arc<Self>, key: u64, message: Box<dyn Parcel>, sent: Sent);

    /// Tells whoever is at the end that nobody is at the beginning.
    fn reset(&self, key: u64, sent: Sent);
}

impl Connection {
    pub(super) fn new(to: PlaceId, outbox: &Arc<Outbox>, lane: Option<Arc<dyn Lane>>) -> Self {
        Self { to, outbox: Arc::clone(outbox), lane }
    }

    /// Where it leads to.
    pub const fn to(&self) -> PlaceId {
        self.to
    }

    /// Sends something.
    pub fn send(&self, message: impl Parcel) {
        let (key, sent) = self.outbox.send();
        match &self.lane {
            Some(lane) => Arc::clone(lane).send(key, Box::new(message), sent),
            None => sent.end(false),
        }
    }

    /// Tells the other end that there is nobody here any more, as the machine of a process that has died
    /// does.
    pub fn reset(&self) {
        let (key, sent) = self.outbox.send();
        match &self.lane {
            Some(lane) => lane.reset(key, sent),
            None => sent.end(false),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("to", &self.to).finish_non_exhaustive()
    }
}
