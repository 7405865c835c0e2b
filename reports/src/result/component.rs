use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A group of components over [warm-up, duration), all of them together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentResult {
    /// How many there are.
    pub places: u32,
    /// What they counted, by the rows of their kind.
    pub rows: BTreeMap<String, u64>,
}

/// A group of components over time, all of them together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentSeries {
    /// What they counted in each window, by the rows of their kind.
    pub rows: BTreeMap<String, Vec<u64>>,
}
