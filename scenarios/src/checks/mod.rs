//! Checks: what must hold, from a line of text to a verdict.

mod evaluate;
mod grammar;
mod layers;
mod metric;
mod probes;
mod resolve;
mod value;
mod window;

pub use self::evaluate::{CheckOutcome, CheckStatus};
pub(crate) use self::resolve::resolve;

use cascadia_models::measure::metrics::{Metric, Unit};

use self::grammar::Op;

/// Something that must hold in a run.
#[derive(Clone, Debug)]
pub struct Check {
    subject: String,
    expression: String,
    metric: Metric,
    unit: Unit,
    condition: Condition,
    start_ns: u64,
    end_ns: u64,
}

/// What the metric is held against; probes are positions in the plan.
#[derive(Clone, Debug)]
enum Condition {
    /// A fixed bound.
    Bound { op: Op, bound: f64, probe: Sample },
    /// A share of what the baseline measured, in each whole window of a width in nanoseconds.
    Within { share: f64, baseline: Sample, windows: Vec<Sample>, width: u64 },
}

/// A probe and the length of its window.
#[derive(Clone, Copy, Debug)]
struct Sample {
    probe: usize,
    nanos: u64,
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
