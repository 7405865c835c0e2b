use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::messaging::{Backoff, Subscription};
use crate::store::Key;

/// How long it is known what was done.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `window` | time | 30 min | MassTransit `DuplicateDetectionWindow` |
/// | `skew` | time | 1 s | ours |
/// | `beyond` | | do it | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxConfig {
    /// What the keys of all its rows begin with.
    pub prefix: Key,
    /// How long after it was done a message is known to be.
    pub window: Duration,
    /// How far the clocks of the broker and of those who use the inbox may be apart.
    pub skew: Duration,
    /// What happens to a message that is not known, and so old that it may just not be known any more.
    pub beyond: Beyond,
}

/// What happens to a message of which nobody knows whether it was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// It is done, perhaps a second time. Counted.
    #[default]
    Do,
    /// It is not done, perhaps not even once. Counted.
    Refuse,
}

impl InboxConfig {
    /// The usual one, with rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        let (window, skew) = (Duration::from_secs(1_800), Duration::from_secs(1));
        Self { prefix: prefix.into(), window, skew, beyond: Beyond::default() }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where it would forget what it is told at once.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.window > self.skew, "window", "must be longer than the skew")
    }

    /// Whether the window is longer than a message that a subscription is delivered may come again.
    ///
    /// # Errors
    ///
    /// Where it is not, or there is no bound: then a message may be done twice.
    pub fn covers(&self, subscription: &Subscription) -> Result<(), ConfigError> {
        self.check()?;
        let bounded = subscription.attempts.map(|attempts| oldest(subscription, attempts));
        require(bounded.is_some(), "attempts", "must be bounded, or no window is long enough")?;
        let is_covered =
            bounded.is_some_and(|oldest| oldest.saturating_add(self.skew) <= self.window);
        require(is_covered, "window", "must be longer than a message may come again")
    }
}

/// How long after its first delivery a message may come for the last time, if nobody ever asks for more time.
fn oldest(subscription: &Subscription, attempts: u32) -> Duration {
    let waits = subscription.ack_wait.saturating_mul(attempts);
    let rests = match &subscription.backoff {
        Backoff::None => Duration::ZERO,
        backoff => (1..attempts)
            .fold(Duration::ZERO, |sum, attempt| sum.saturating_add(backoff.after(attempt))),
    };
    waits.saturating_add(rests)
}
