use cascadia_runtime::Time;

use super::Windows;
use crate::component::{Row, RowKind};

/// What the components of a group measured, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentMeasured {
    /// From the warm-up to the end.
    pub measured: Vec<u64>,
    /// Each window of the series, for each row.
    pub series: Vec<Vec<u64>>,
    /// What is to be said of it.
    pub remarks: Vec<String>,
    /// Its parts.
    pub parts: Vec<Self>,
}

/// Measures the components of a group.
#[derive(Default)]
pub(crate) struct ComponentMeter {
    rows: &'static [Row],
    /// The figure of each row at each boundary.
    copies: Vec<(Time, Vec<u64>)>,
}

impl ComponentMeter {
    pub(crate) fn new(rows: &'static [Row]) -> Self {
        Self { rows, copies: Vec::new() }
    }

    /// Copies the rows at a boundary; of several copies of one the last counts.
    pub(crate) fn copy(&mut self, now: Time, rows: Vec<u64>) {
        self.copies.push((now, rows));
    }

    /// What each row counted between two boundaries; of levels and ages, the most at the boundaries after
    /// the first up to the second.
    pub(crate) fn between(&self, from: Time, until: Time) -> Vec<u64> {
        let after = |at: Time| self.copies.partition_point(|(time, _)| *time <= at);
        let (before, end) = (after(from), after(until));
        if end == 0 {
            return Vec::new();
        }
        let row = |(at, row): (usize, &Row)| {
            let last = self.copies[end - 1].1[at];
            match row.kind {
                RowKind::Count => {
                    last - before.checked_sub(1).map_or(0, |it| self.copies[it].1[at])
                }
                RowKind::Level | RowKind::Age => {
                    let seen = self.copies[before.min(end)..end].iter().map(|(_, rows)| rows[at]);
                    seen.max().unwrap_or(last)
                }
            }
        };
        self.rows.iter().enumerate().map(row).collect()
    }

    pub(crate) fn measured(&self, windows: &Windows, end: Time) -> ComponentMeasured {
        let measured = self.between(windows.start, end);
        let edge = |index| windows.edge(index).min(end);
        let window = |index| self.between(edge(index), edge(index + 1));
        let all: Vec<_> = (0..windows.count(end)).map(window).collect();
        let row = |row| all.iter().map(|window| window[row]).collect();
        let series = (0..measured.len()).map(row).collect();
        ComponentMeasured { measured, series, remarks: Vec::new(), parts: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &[Row] =
        &[Row::count("done", "Done."), Row::level("left", "Left."), Row::age("oldest", "Oldest.")];

    #[test]
    fn counts_are_of_a_time_and_levels_the_most_at_its_boundaries() {
        let mut meter = ComponentMeter::new(ROWS);
        for (at, rows) in [(1, [3, 9, 70]), (2, [5, 2, 80]), (3, [6, 4, 5])] {
            meter.copy(Time::from_nanos(at), rows.to_vec());
        }
        let between = |from, until| meter.between(Time::from_nanos(from), Time::from_nanos(until));
        assert_eq!(
            between(1, 3),
            [3, 4, 80],
            "what was at the first boundary is of the time before"
        );
        assert_eq!(between(0, 1), [3, 9, 70]);
        assert_eq!(between(3, 3), [0, 4, 5], "of a moment it is what there was then");
        assert!(ComponentMeter::new(ROWS).between(Time::ZERO, Time::ZERO).is_empty());
    }
}
