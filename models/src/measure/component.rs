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
pub(crate) struct ComponentMeter {
    rows: &'static [Row],
    windows: Windows,
    /// The figure of each row at each boundary.
    copies: Vec<(Time, Vec<u64>)>,
}

impl ComponentMeter {
    pub(crate) fn new(rows: &'static [Row], windows: Windows) -> Self {
        Self { rows, windows, copies: Vec::new() }
    }

    /// Copies the rows at a boundary; of several copies of one the last counts.
    pub(crate) fn copy(&mut self, now: Time, rows: Vec<u64>) {
        self.copies.push((now, rows));
    }

    /// What each row counted between two boundaries; of levels and ages, the most at the edges of windows after
    /// the first and at the second. What others measure beside it has boundaries of its own, which change nothing.
    pub(crate) fn between(&self, from: Time, until: Time) -> Vec<u64> {
        let after = |at: Time| self.copies.partition_point(|(time, _)| *time <= at);
        let (before, end) = (after(from), after(until));
        if end == 0 {
            return Vec::new();
        }
        let row = |(at, row): (usize, &Row)| {
            let last = self.copies[end - 1].1[at];
            match row.kind {
                // What has ended one way, and then another, is counted back.
                RowKind::Count => {
                    let first = before.checked_sub(1).map_or(0, |it| self.copies[it].1[at]);
                    last.saturating_sub(first)
                }
                RowKind::Level | RowKind::Age => {
                    let seen = self.copies[before.min(end)..end].iter();
                    let seen = seen.filter(|(time, _)| self.windows.is_edge(*time));
                    seen.map(|(_, rows)| rows[at]).max().map_or(last, |most| most.max(last))
                }
            }
        };
        self.rows.iter().enumerate().map(row).collect()
    }

    pub(crate) fn measured(&self, end: Time) -> ComponentMeasured {
        let windows = &self.windows;
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
        let windows = Windows { start: Time::ZERO, end: Time::from_nanos(6), width: 2 };
        let mut meter = ComponentMeter::new(ROWS, windows);
        for (at, rows) in [(2, [3, 9, 70]), (3, [4, 99, 99]), (4, [5, 2, 80]), (6, [6, 4, 5])] {
            meter.copy(Time::from_nanos(at), rows.to_vec());
        }
        let between = |from, until| meter.between(Time::from_nanos(from), Time::from_nanos(until));
        assert_eq!(
            between(2, 6),
            [3, 4, 80],
            "what was at the first boundary is of the time before"
        );
        assert_eq!(between(0, 2), [3, 9, 70]);
        assert_eq!(between(2, 3), [1, 99, 99], "at its own end");
        assert_eq!(between(6, 6), [0, 4, 5], "of a moment it is what there was then");
        assert!(ComponentMeter::new(ROWS, windows).between(Time::ZERO, Time::ZERO).is_empty());
    }
}
