use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What moves a simulated world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Our own: every event in its order.
    Own,
    /// madsim: what happens at once happens in a random order.
    Madsim,
}

impl Engine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Own, Self::Madsim];

    /// The name in results and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Madsim => "madsim",
        }
    }
}
