use super::{Metric, Reading};
use crate::component::Row;

/// The metrics of components that count these rows.
pub fn of_components(rows: &[Row]) -> Vec<Metric> {
    let metric = |(at, row): (usize, &Row)| Metric {
        name: row.name,
        help: row.help,
        reading: Reading::Row(at),
    };
    rows.iter().enumerate().map(metric).collect()
}
