use std::sync::Arc;
use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::store::Key;

/// How transactions are decided.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `timeout` | time | 60 s | Seata `DEFAULT_GLOBAL_TRANSACTION_TIMEOUT` |
/// | `pause` | time | 1 s | Seata `committingRetryPeriod` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What the keys of all its rows begin with. Coordinators with one store share it.
    pub prefix: Key,
    /// Its name, which it keeps when it is restarted, and no other has.
    pub name: Arc<str>,
    /// How long the votes may take; then it aborts.
    pub timeout: Duration,
    /// How long before it asks again who said nothing, or was locked out.
    pub pause: Duration,
}

impl Config {
    /// The usual one, of a coordinator of this name.
    pub fn new(prefix: impl Into<Key>, name: impl Into<Arc<str>>) -> Self {
        let (prefix, name) = (prefix.into(), name.into());
        Self { prefix, name, timeout: Duration::from_secs(60), pause: Duration::from_secs(1) }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where nobody could vote, or would be asked all the time.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.timeout.is_zero(), "timeout", "must be longer than 0")?;
        require(!self.pause.is_zero(), "pause", "must be longer than 0")
    }
}
