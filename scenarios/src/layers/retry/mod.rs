mod backoff;
mod budget;

use std::convert::identity;

use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::retry::RetryConfig;

use self::backoff::Backoff;
use self::budget::Budget;
use super::Layer;
use super::place::Place;
use crate::decode::{choice, either, settings};
use crate::units::Duration;

either! {
    /// Tries again: by the name of known settings, or by an object.
    pub(super) enum Retry: RetryConfig {
        Preset => identity,
        RetryConfig => identity,
    }
}

choice! {
    /// Settings that have a name.
    pub(super) enum Preset: RetryConfig {
        /// Three tries, 1s and then 2s apart, times a number from 0.5 to 1.5.
        document => RetryConfig::document(),
    }
}

settings! {
    /// Trying again.
    "RetryObject" for RetryConfig {
        /// Tries altogether, the first included.
        attempts: u16,
        /// The delays between them.
        backoff: Backoff,
        /// Bounds the retries of all calls together.
        budget: Option<Budget> => "none",
        /// Also retries what is not idempotent.
        retry_unsafe as "unsafe": bool,
        /// The time that a try needs to be of any use; a retry that would have less is not made.
        min_useful: Duration,
        /// The longest wait a rejection may ask for. Asked for more, no retry is made.
        max_retry_after: Option<Duration> => "the longest delay of the backoff",
        /// Waits exactly as long as a rejection asks, not for the backoff besides.
        exact_retry_after: bool,
        /// The hops from the user beyond which nothing is retried, 0 for its own calls.
        max_depth: Option<u8> => "any number",
        /// The last try may take all the time there is, whatever timeout is inside.
        last_takes_rest: bool,
        /// Prefers replicas where the call has not been yet, if a balancer within has a choice.
        elsewhere: bool,
    }
}

impl Layer for RetryConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }

    fn not_in_fallback(&self) -> Option<&'static str> {
        Some("tries again")
    }
}
