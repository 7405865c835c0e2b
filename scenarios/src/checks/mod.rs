//! Checks: what must hold, from a line of text to a verdict.

mod aftermath;
mod evaluate;
mod grammar;
mod layers;
mod metric;
mod outcome;
mod page;
mod probes;
mod recovery;
mod resolve;
mod sample;
mod stretch;
mod subject;
mod value;
mod window;
mod within;

pub use self::outcome::{CheckOutcome, CheckStatus};
pub(crate) use self::page::page;
pub(crate) use self::resolve::resolve;

use cascadia_models::measure::metrics::{Metric, Unit};
use cascadia_models::plan::LoadId;

use self::grammar::Op;
use self::sample::Sample;
use self::within::Within;

/// Something that must hold in a run.
#[derive(Clone, Debug)]
pub struct Check {
    subject: String,
    expression: String,
    condition: Condition,
    start_ns: u64,
    end_ns: u64,
}

/// What must hold.
#[derive(Clone, Debug)]
enum Condition {
    /// A figure is on one side of a fixed bound.
    Bound { figure: Figure, op: Op, bound: f64, sample: Sample },
    /// A metric is within a share of what it was before the first fault.
    Within { metric: Metric, within: Within },
    /// Each of these loads is back so many nanoseconds after a fault, by its place in the plan.
    Recovered { loads: Vec<LoadId>, fault: usize, within: u64 },
    /// None of these loads is kept down by an overload that sustains itself, after any fault.
    NotMetastable { loads: Vec<LoadId> },
}

/// A metric in a unit.
#[derive(Clone, Copy, Debug)]
struct Figure {
    metric: Metric,
    unit: Unit,
}

impl Check {
    /// The load or service that it is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Its text.
    pub fn expression(&self) -> &str {
        &self.expression
    }
}
