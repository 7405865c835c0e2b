use std::sync::Arc;

/// What one entry of a log does to rows: all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Which one it is, of all that were ever proposed.
    pub(crate) number: u64,
    pub(crate) parts: Vec<Part>,
}

/// What a command does to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It is read.
    Read { row: u64 },
    /// It is written, whatever it was.
    Write { row: u64 },
    /// It is written if it has this version, and else nothing is done.
    Compare { row: u64, version: u64 },
}

const READ: u8 = 0;
const WRITE: u8 = 1;
const COMPARE: u8 = 2;

impl Command {
    /// It as an entry of a log has it.
    pub(crate) fn encode(&self) -> Arc<[u8]> {
        let mut bytes = self.number.to_le_bytes().to_vec();
        for part in &self.parts {
            let (kind, row, version) = match *part {
                Part::Read { row } => (READ, row, None),
                Part::Write { row } => (WRITE, row, None),
                Part::Compare { row, version } => (COMPARE, row, Some(version)),
            };
            bytes.push(kind);
            bytes.extend(row.to_le_bytes());
            bytes.extend(version.into_iter().flat_map(u64::to_le_bytes));
        }
        bytes.into()
    }

    /// It from there.
    ///
    /// # Panics
    ///
    /// When nobody has encoded it so.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let number = word(&mut rest);
        let mut parts = Vec::new();
        while let Some(kind) = rest.split_off_first() {
            let row = word(&mut rest);
            parts.push(match *kind {
                READ => Part::Read { row },
                WRITE => Part::Write { row },
                _ => Part::Compare { row, version: word(&mut rest) },
            });
        }
        Self { number, parts }
    }
}

fn word(rest: &mut &[u8]) -> u64 {
    let (word, after) = rest.split_first_chunk().expect("a log has what was put into it");
    *rest = after;
    u64::from_le_bytes(*word)
}

/// What a command has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// What it was to.
    Done {
        /// The version of all rows that it has written.
        version: u64,
        /// The versions of those that it has read, in its order.
        read: Vec<u64>,
    },
    /// Nothing: a row was another one.
    Conflict,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let parts = [
            Part::Read { row: 1 },
            Part::Write { row: u64::MAX },
            Part::Compare { row: 3, version: 4 },
            Part::Write { row: 1 },
        ];
        for count in 0..=parts.len() {
            let command = Command { number: 7, parts: parts[..count].to_vec() };
            assert_eq!(Command::decode(&command.encode()), command);
        }
    }
}
