use schemars::JsonSchema;
use serde::Deserialize;

/// How a replica is chosen.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Balance {
    /// Each in turn.
    RoundRobin,
    /// Any.
    Random,
    /// The one with the fewest calls under way.
    LeastConnections,
    /// The better of two drawn at random.
    P2c,
}
