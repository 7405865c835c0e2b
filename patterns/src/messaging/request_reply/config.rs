use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::messaging::Topic;

/// How replies are waited for.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `timeout` | time | 30 s | MassTransit `RequestTimeout` |
/// | `remembered` | requests | 1,024 | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestConfig {
    /// The topic of the replies. It is this one's alone: nobody else reads it.
    pub inbox: Topic,
    /// How long a reply is waited for where nothing else is said.
    pub timeout: Duration,
    /// Of how many of the last requests that have ended it is known how, so that a reply to one of them is
    /// told to be late or a second one. Of older ones it is just a stray.
    pub remembered: usize,
}

impl RequestConfig {
    /// With this inbox.
    pub fn new(inbox: impl Into<Topic>) -> Self {
        Self { inbox: inbox.into(), timeout: Duration::from_secs(30), remembered: 1_024 }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where nothing would be waited for.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.timeout.is_zero(), "timeout", "must be longer than 0")
    }
}
