mod backoff;
mod budget;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::backoff::*;
pub(crate) use self::budget::*;
use crate::dto::words::string_or_object;
use crate::units::Duration;

/// Trying again: the name of known settings, or an object.
#[derive(Clone, Debug)]
pub(crate) enum Retry {
    Preset(RetryPreset),
    Object(Box<RetryObject>),
}

string_or_object!(
    Retry,
    "\"document\" or an object",
    RetryPreset,
    Retry::Preset,
    RetryObject,
    |object| Retry::Object(Box::new(object))
);

/// Settings that have a name.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RetryPreset {
    /// Three tries, 1s and then 2s apart, times a number from 0.5 to 1.5.
    Document,
}

/// Trying again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetryObject {
    /// Tries altogether, the first included; 3.
    pub(crate) attempts: Option<u16>,
    /// The delays between them; full jitter from 25ms to 250ms.
    pub(crate) backoff: Option<Backoff>,
    /// Bounds the retries of all calls together; none.
    pub(crate) budget: Option<Budget>,
    /// Also retries what is not idempotent; no.
    #[serde(rename = "unsafe")]
    pub(crate) retry_unsafe: Option<bool>,
    /// The time that a try needs to be of any use; a retry that would have less is not made; 0s.
    pub(crate) min_useful: Option<Duration>,
    /// The longest wait a rejection may ask for; the longest delay of the backoff. Asked for more,
    /// no retry is made.
    pub(crate) max_retry_after: Option<Duration>,
    /// Waits exactly as long as a rejection asks, not for the backoff besides; no.
    pub(crate) exact_retry_after: Option<bool>,
    /// The hops from the user beyond which nothing is retried, 0 for its own calls; any number.
    pub(crate) max_depth: Option<u8>,
    /// The last try may take all the time there is, whatever timeout is inside; no.
    pub(crate) last_takes_rest: Option<bool>,
    /// Prefers replicas where the call has not been yet, if a balancer within has a choice; yes.
    pub(crate) elsewhere: Option<bool>,
}
