use super::{Metric, Reading, Unit};
use crate::component::{Row, RowKind};

/// The metrics of components that have these rows.
pub fn of_components(rows: &[Row]) -> Vec<Metric> {
    let metric = |(at, row): (usize, &Row)| Metric {
        name: row.name,
        help: row.help,
        reading: match row.kind {
            RowKind::Count => Reading::Row(at),
            RowKind::Level => Reading::Level(Unit::Number, at),
            RowKind::Age => Reading::Level(Unit::Duration, at),
        },
    };
    rows.iter().enumerate().map(metric).collect()
}
