mod backoff;
mod budget;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::backoff::*;
pub(crate) use self::budget::*;
use crate::units::Duration;

/// Trying again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retry {
    /// Tries altogether, the first included; 3.
    pub(crate) attempts: Option<u16>,
    /// The delays between them; full jitter from 25ms to 250ms.
    pub(crate) backoff: Option<Backoff>,
    /// Bounds the retries of all calls together; none.
    pub(crate) budget: Option<Budget>,
    /// Also retries what is not idempotent; no.
    #[serde(rename = "unsafe")]
    pub(crate) retry_unsafe: Option<bool>,
    /// The longest wait a rejection may ask for; the longest delay of the backoff. Asked for more,
    /// no retry is made.
    pub(crate) max_retry_after: Option<Duration>,
}
