use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::PlaceId;
use crate::exchange::Exchange;

/// Something that is delivered.
#[derive(Debug)]
pub struct Envelope {
    /// Who sent it.
    pub from: PlaceId,
    /// Where it came.
    pub to: PlaceId,
    /// What it brings.
    pub body: Body,
}

/// What an envelope brings.
pub enum Body {
    /// A request, which wants an answer.
    Request(Arc<Exchange>),
    /// Whoever sent this request has gone.
    Cancel(Arc<Exchange>),
    /// Something that wants none.
    Message(Box<dyn Any + Send>),
    /// Who was connected with the sender is so no more: its process has died, or there was none.
    Reset,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request(_) => "Request",
            Self::Cancel(_) => "Cancel",
            Self::Message(_) => "Message",
            Self::Reset => "Reset",
        })
    }
}
