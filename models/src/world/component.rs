use std::sync::Arc;

use crate::exchange::Exchange;

/// Something that lives at a place.
pub(crate) trait Component: Send + Sync {
    /// A message is delivered.
    fn receive(self: Arc<Self>, body: Body);
}

/// What a message brings.
pub(crate) enum Body {
    /// A request.
    Request(Arc<Exchange>),
    /// Whoever sent this has gone.
    Cancel(Arc<Exchange>),
}
