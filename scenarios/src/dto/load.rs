use schemars::JsonSchema;
use serde::Deserialize;

use super::Law;
use crate::units::{Duration, Rate};

/// A source of requests: exactly one of `open` and `closed`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Load {
    /// What is asked: "service.endpoint", "service endpoint", or "service" if it has only one.
    pub(crate) target: String,
    /// The policy that the requests pass.
    pub(crate) policy: Option<String>,
    /// How important its requests are, from 0, the most, to 255; 0.
    pub(crate) priority: Option<u32>,
    /// Requests come at a rate, whatever becomes of them.
    pub(crate) open: Option<OpenLoad>,
    /// Clients wait for their answer, think and ask again.
    pub(crate) closed: Option<Closed>,
    /// Clients with policies of their own, among whom its requests are shared out; 1. The clients
    /// of a closed load take them in turn, and share one set unless this says otherwise.
    pub(crate) population: Option<u32>,
    /// When it begins; at the start.
    pub(crate) from: Option<Duration>,
    /// When it stops sending; at the end.
    pub(crate) until: Option<Duration>,
}

/// Arrivals at a rate.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenLoad {
    /// A Poisson process.
    Poisson(Rate),
    /// Evenly spaced.
    Constant(Rate),
}

/// Clients in a closed loop.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closed {
    /// How many clients there are.
    pub(crate) clients: u32,
    /// How long a client thinks; not at all.
    pub(crate) think: Option<Law>,
}
