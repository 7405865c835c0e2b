use std::time::Duration;

use super::{Backoff, Budget};
use crate::config::{ConfigError, require};

/// How often, when and at whose expense a call is tried again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryConfig {
    /// Tries altogether, the first included; 3 (AWS, resilience4j).
    pub attempts: u16,
    /// The delays between them.
    pub backoff: Backoff,
    /// Bounds the retries of all calls together; no bound.
    pub budget: Option<Budget>,
    /// Also retries requests that are neither safe nor keyed; no.
    pub retry_unsafe: bool,
    /// The time a try needs to be of any use: without that much left after the delay, no retry is
    /// made; zero.
    pub min_useful: Duration,
    /// The longest wait a server may ask for; the longest of the backoff. Asked for more, no
    /// retry is made: whoever waited would come back together with everybody else who did.
    pub max_retry_after: Option<Duration>,
    /// Waits exactly as long as a server asks, after which the backoff begins anew (gRPC), and not
    /// for the backoff besides; no.
    pub exact_retry_after: bool,
    /// The hops from the user beyond which nothing is retried; any number. Layers that all retry
    /// multiply, so one of them should; which one is for whoever sees all of them to say.
    pub max_depth: Option<u8>,
    /// Gives the last try all the time there is until the deadline, whatever timeout is around
    /// each try; no.
    pub last_takes_rest: bool,
    /// Prefers endpoints where the call has not been yet, where a balancer within chooses among
    /// several; yes (Envoy's `previous_hosts`, which is said there for each policy).
    pub elsewhere: bool,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            attempts: 3,
            backoff: Backoff::default(),
            budget: None,
            retry_unsafe: false,
            min_useful: Duration::ZERO,
            max_retry_after: None,
            exact_retry_after: false,
            max_depth: None,
            last_takes_rest: false,
            elsewhere: true,
        }
    }
}

impl RetryConfig {
    /// Three tries, 1 s and then 2 s apart, each times a number between 0.5 and 1.5: what is
    /// written down most often. The cap of 60 s comes before the jitter, so a delay may be 90 s.
    pub fn document() -> Self {
        let backoff = Backoff::Proportional {
            base: Duration::from_secs(1),
            factor: 2.0,
            max: Duration::from_secs(60),
            spread: 0.5,
        };
        Self { attempts: 3, backoff, elsewhere: false, ..Self::default() }
    }

    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When there is no first try, or the backoff or the budget is inconsistent.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.attempts >= 1, "attempts", "must be at least 1")?;
        self.backoff.check()?;
        self.budget.map_or(Ok(()), |budget| budget.check())
    }

    pub(super) fn longest_wait(&self) -> Duration {
        self.max_retry_after.unwrap_or_else(|| self.backoff.longest())
    }
}
