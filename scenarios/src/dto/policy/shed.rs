use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::Discipline;
use crate::units::{Duration, Share};

/// Refuses some under overload.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shed {
    /// By importance; on arrival only.
    Dagor(Dagor),
    /// From a queue of its own.
    Queue(ShedQueue),
}

/// Priorities under overload.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dagor {
    /// The mean wait beyond which there is overload; 20ms.
    pub(crate) target: Option<Duration>,
    /// How often the level moves; 1s.
    pub(crate) window: Option<Duration>,
    /// And after so many requests at the latest; 2000.
    pub(crate) window_requests: Option<u32>,
    /// The share by which what is admitted shrinks under overload; 5%.
    pub(crate) shrink: Option<Share>,
    /// The share of all requests by which it grows otherwise; 1%.
    pub(crate) grow: Option<Share>,
    /// Priorities that are told apart; 16.
    pub(crate) priorities: Option<u16>,
}

/// A bound on calls under way, and a queue before it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShedQueue {
    /// Calls under way at once; 25.
    pub(crate) limit: Option<u32>,
    /// How many may wait; any number.
    pub(crate) max_waiting: Option<u32>,
    /// Who is next, and who is shed; fifo.
    #[serde(default)]
    pub(crate) discipline: Discipline,
}
