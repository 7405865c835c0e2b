use std::collections::BTreeMap;

use crate::store::{Applied, Command, Part};

/// What the entries of a log make of rows. The version of a row is the index of the entry that has
/// written it.
#[derive(Default)]
pub(super) struct Rows(BTreeMap<u64, u64>);

impl Rows {
    pub(super) fn version(&self, row: u64) -> u64 {
        self.0.get(&row).copied().unwrap_or(0)
    }

    /// Does what the entry at an index says.
    pub(super) fn apply(&mut self, index: u64, command: &Command) -> Applied {
        let is_other = |part: &Part| match *part {
            Part::Compare { row, version } => self.version(row) != version,
            Part::Read { .. } | Part::Write { .. } => false,
        };
        if command.parts.iter().any(is_other) {
            return Applied::Conflict;
        }
        let mut read = Vec::new();
        for part in &command.parts {
            match *part {
                Part::Read { row } => read.push(self.version(row)),
                Part::Write { row } | Part::Compare { row, .. } => drop(self.0.insert(row, index)),
            }
        }
        Applied::Done { version: index, read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_done_as_a_whole_or_not_at_all() {
        let mut rows = Rows::default();
        let mut apply = |index, parts: &[Part]| {
            let applied = rows.apply(index, &Command { number: index, parts: parts.to_vec() });
            (applied, rows.version(1), rows.version(2))
        };
        let done = |version, read: &[u64]| Applied::Done { version, read: read.to_vec() };
        assert_eq!(
            apply(5, &[Part::Write { row: 1 }, Part::Read { row: 1 }]),
            (done(5, &[5]), 5, 0)
        );
        let both = [Part::Write { row: 2 }, Part::Compare { row: 1, version: 4 }];
        assert_eq!(apply(6, &both), (Applied::Conflict, 5, 0));
        let both = [Part::Write { row: 2 }, Part::Compare { row: 1, version: 5 }];
        assert_eq!(apply(7, &both), (done(7, &[]), 7, 7));
    }
}
