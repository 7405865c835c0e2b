use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::color::Color;

/// How a request ended. Every request ends in exactly one of these.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// Answered with success.
    Ok,
    /// A service answered with an error.
    Failed,
    /// Somebody on the way stopped waiting.
    Timeout,
    /// A queue, a bulkhead or a deadline check refused it.
    Rejected,
    /// An open circuit breaker refused it.
    ShortCircuit,
    /// The run ended first.
    Unfinished,
}

/// The name of each kind, and its colour everywhere, which means nothing else.
const ROWS: [(OutcomeKind, &str, Color); 6] = [
    (OutcomeKind::Ok, "ok", Color::new(0x009E73, 0x11A97E)),
    (OutcomeKind::Failed, "failed", Color::new(0xD55E00, 0xE0701A)),
    (OutcomeKind::Timeout, "timeout", Color::new(0xE69F00, 0xEBAA1C)),
    (OutcomeKind::Rejected, "rejected", Color::new(0x56B4E9, 0x5FB9EB)),
    (OutcomeKind::ShortCircuit, "short_circuit", Color::new(0xCC79A7, 0xD184AF)),
    (OutcomeKind::Unfinished, "unfinished", Color::new(0x999999, 0x8A8A8A)),
];

impl OutcomeKind {
    /// Every kind, in the order of display.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Ok; ROWS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = ROWS[at].0;
            at += 1;
        }
        all
    };

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The name in results and checks.
    pub const fn name(self) -> &'static str {
        ROWS[self as usize].1
    }

    /// The name for people.
    pub fn label(self) -> String {
        self.name().replace('_', "-")
    }

    /// The colour in every chart and table.
    pub const fn color(self) -> Color {
        ROWS[self as usize].2
    }
}

/// Requests by how they ended; every kind is present.
pub type Outcomes = BTreeMap<OutcomeKind, u64>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_its_place_under_the_name_in_results() {
        for (at, kind) in OutcomeKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at, "{kind:?}");
            let written = serde_json::to_value(kind).expect("a kind is JSON");
            assert_eq!(written, kind.name());
        }
    }
}
