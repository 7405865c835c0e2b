use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::messaging::producer::Fate;

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// None came in time. The request may have been done.
    TimedOut,
    /// The request was not published, and nobody will do it.
    NotSent(Fate),
    /// Whoever should have replied could not, and says so.
    Fault(Arc<str>),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no reply came in time"),
            Self::NotSent(fate) => write!(f, "the request was not sent: {fate}"),
            Self::Fault(why) => write!(f, "the request could not be done: {why}"),
        }
    }
}

impl Error for RequestError {}
