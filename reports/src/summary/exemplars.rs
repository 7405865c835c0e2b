use crate::format;
use crate::result::{Exemplar, RunResult};
use crate::story;

use super::table::{Side, align};

/// A line for each request that was followed: what it is an example of, and what its time was spent on.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let row = |exemplar: &Exemplar| {
        vec![
            exemplar.load.clone(),
            exemplar.of.name().to_owned(),
            format::duration(exemplar.latency_ns() as f64),
            exemplar.outcome.label(),
            story::exemplar(result, exemplar),
        ]
    };
    let rows: Vec<_> = result.exemplars.iter().map(row).collect();
    align(&rows, &[Side::Left, Side::Left, Side::Right, Side::Left, Side::Left])
}
