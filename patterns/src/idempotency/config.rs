use std::time::Duration;

use crate::call::{Class, Kind};
use crate::config::{ConfigError, require};
use crate::store::Key;

/// How long answers are known by their keys.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `time_to_live` | time | 24 h | Stripe |
/// | `longest_key` | bytes | 255 | Stripe |
/// | `lease` | time | 60 s | ours |
/// | `skew` | time | 1 s | ours |
/// | `concurrent` | | refuse | Stripe |
/// | `keeps` | | what is final | ours |
/// | `required` | | no | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyConfig {
    /// What the keys of all its rows begin with.
    pub prefix: Key,
    /// How long after the answer its key is known. It must be longer than anybody tries again.
    pub time_to_live: Duration,
    /// The longest key.
    pub longest_key: usize,
    /// How long a request may take before it is taken for crashed, and another one of its key does its work.
    pub lease: Duration,
    /// How far the clocks of two servers may be apart. It costs time, and no safety.
    pub skew: Duration,
    /// What becomes of a request while another one of its key is under way.
    pub concurrent: Concurrent,
    /// Which answers are kept.
    pub keeps: Keeps,
    /// An unsafe request without a key is refused.
    pub required: bool,
}

/// What becomes of a request while another one of its key is under way. It is never done beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrent {
    /// It is refused, and may come again.
    Refuse,
    /// It waits for the answer of the other one, so long at most, and is refused then.
    Wait(Duration),
}

/// Which answers are kept, to be given again. After the others, the next request of the key does the work anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeps {
    /// What another try would not change: successes, and what is wrong with the request.
    #[default]
    Final,
    /// That, and the errors of the server (Stripe): who has been told of one is never told anything else.
    Errors,
}

impl IdempotencyConfig {
    /// The usual one, with rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        Self {
            prefix: prefix.into(),
            time_to_live: Duration::from_secs(24 * 3_600),
            longest_key: 255,
            lease: Duration::from_secs(60),
            skew: Duration::from_secs(1),
            concurrent: Concurrent::Refuse,
            keeps: Keeps::Final,
            required: false,
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where a key would be forgotten before its request is taken for crashed, or could not be kept.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.lease > self.skew, "lease", "must be longer than the skew")?;
        require(self.time_to_live > self.lease, "time_to_live", "must be longer than the lease")?;
        let fits = (1..=512).contains(&self.longest_key);
        require(fits, "longest_key", "must be from 1 to 512 bytes")
    }

    /// Whether a key is known for as long as anybody tries again with it.
    ///
    /// # Errors
    ///
    /// Where it is not: a late try would do the work a second time.
    pub fn covers(&self, longest_retry: Duration) -> Result<(), ConfigError> {
        let is_covered = self.time_to_live > longest_retry.saturating_add(self.skew);
        require(is_covered, "time_to_live", "must be longer than anybody tries again")
    }

    /// Whether an answer of this kind is kept. One that says that there is too much to do never is.
    pub fn is_kept(&self, kind: Kind) -> bool {
        match kind.class() {
            Class::Success => true,
            Class::Failure { overload, .. } => {
                self.keeps == Keeps::Errors && !overload && kind.is_answered()
            }
            Class::Ignore => false,
        }
    }
}
