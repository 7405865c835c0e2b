use cascadia_runtime::Time;

use super::Windows;

/// What the components of a group measured, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentMeasured {
    /// From the warm-up to the end.
    pub measured: Vec<u64>,
    /// Each window of the series, for each row.
    pub series: Vec<Vec<u64>>,
}

/// Measures the components of a group.
#[derive(Default)]
pub(crate) struct ComponentMeter {
    /// What each row had counted at each boundary.
    copies: Vec<(Time, Vec<u64>)>,
}

impl ComponentMeter {
    /// Copies the rows at a boundary; of several copies of one the last counts.
    pub(crate) fn copy(&mut self, now: Time, rows: Vec<u64>) {
        self.copies.push((now, rows));
    }

    /// What each row counted between two boundaries.
    pub(crate) fn between(&self, from: Time, until: Time) -> Vec<u64> {
        let at = |at: Time| {
            let after = self.copies.partition_point(|(time, _)| *time <= at);
            after.checked_sub(1).map(|index| &self.copies[index].1)
        };
        let Some(until) = at(until) else { return Vec::new() };
        let from = |row: usize| at(from).map_or(0, |rows| rows[row]);
        until.iter().enumerate().map(|(row, count)| count - from(row)).collect()
    }

    pub(crate) fn measured(&self, windows: &Windows, end: Time) -> ComponentMeasured {
        let measured = self.between(windows.start, end);
        let edge = |index| windows.edge(index).min(end);
        let window = |index| self.between(edge(index), edge(index + 1));
        let all: Vec<_> = (0..windows.count(end)).map(window).collect();
        let row = |row| all.iter().map(|window| window[row]).collect();
        let series = (0..measured.len()).map(row).collect();
        ComponentMeasured { measured, series }
    }
}
