use schemars::JsonSchema;
use serde::Deserialize;

use super::words::string_or_object;
use crate::units::Duration;

/// Who of a queue is next, and who is shed: a name, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Discipline {
    Named(DisciplineName),
    Set(DisciplineObject),
}

impl Default for Discipline {
    fn default() -> Self {
        Self::Named(DisciplineName::Fifo)
    }
}

string_or_object!(
    Discipline,
    "the name of a discipline such as \"fifo\" or an object",
    DisciplineName,
    Discipline::Named,
    DisciplineObject,
    Discipline::Set
);

/// A discipline with its defaults.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DisciplineName {
    /// First come, first served.
    Fifo,
    /// Last come, first served.
    Lifo,
    /// First come, first served, and last come, first served while many wait.
    AdaptiveLifo,
    /// First come, first served; sheds who waits too long while the queue stands.
    Codel,
}

/// A discipline and its numbers.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DisciplineObject {
    /// First come, first served, and last come, first served while many wait.
    AdaptiveLifo(AdaptiveLifo),
    /// First come, first served; sheds who waits too long while the queue stands.
    Codel(Codel),
}

/// An order that depends on how many wait.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdaptiveLifo {
    /// So many may wait in order; as many as there are workers.
    pub(crate) above: Option<u32>,
    /// Also sheds who waits too long while the queue stands; nobody.
    pub(crate) codel: Option<Codel>,
}

/// Controlled delay.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Codel {
    /// The wait that is acceptable; 5ms.
    pub(crate) target: Option<Duration>,
    /// How long the shortest wait must have been longer; 100ms.
    pub(crate) interval: Option<Duration>,
}
