use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format;

/// A group of components over [warm-up, duration), all of them together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentResult {
    /// How many there are; of what is no place, such as a group of consumers, none.
    pub places: u32,
    /// What they counted, by the rows of their kind.
    pub rows: BTreeMap<String, u64>,
    /// How much there was of something, at most, at the ends of the windows of the series.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, u64>,
    /// For how long something had lasted, at most, at the ends of the windows, in nanoseconds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ages_ns: BTreeMap<String, u64>,
    /// The names of all of these, in the order in which they are read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// What is to be said of it, such as what went wrong first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

impl ComponentResult {
    /// Its figures in their order, each with how it reads.
    pub fn figures(&self) -> impl Iterator<Item = (&String, u64, fn(f64) -> String)> {
        let number = |(name, value): (_, &u64)| (name, *value, format::number as fn(f64) -> String);
        let age = |(name, value): (_, &u64)| (name, *value, format::duration as fn(f64) -> String);
        let all =
            self.rows.iter().chain(&self.levels).map(number).chain(self.ages_ns.iter().map(age));
        let mut all: Vec<_> = all.collect();
        // What the order does not know comes last.
        all.sort_by_key(|(name, ..)| {
            let place = self.order.iter().position(|of| of == *name);
            place.unwrap_or(self.order.len())
        });
        all.into_iter()
    }
}

/// A group of components over time, all of them together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentSeries {
    /// What they counted in each window, by the rows of their kind.
    pub rows: BTreeMap<String, Vec<u64>>,
    /// How much there was of something at the end of each window.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, Vec<u64>>,
    /// For how long something had lasted at the end of each window, in nanoseconds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ages_ns: BTreeMap<String, Vec<u64>>,
}

impl ComponentSeries {
    /// Whether it is of sagas: things that are done, undone or stuck.
    pub(crate) fn is_of_sagas(&self) -> bool {
        self.rows.contains_key("compensated") && self.levels.contains_key("stuck")
    }
}
