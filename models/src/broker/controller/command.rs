use std::sync::Arc;

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::broker) enum Command {
    /// A place is there, in one of its lives.
    Register { place: usize, life: u64 },
    /// A place was not heard of for too long, in this life.
    Fence { place: usize, life: u64 },
    /// Who leads a partition wants these in sync, each in one of its lives.
    Alter {
        of: (usize, u32),
        /// In which epoch it leads, and which version it wants to replace.
        epoch: u64,
        version: u64,
        in_sync: Vec<(usize, u64)>,
    },
}

const REGISTER: u64 = 0;
const FENCE: u64 = 1;
const ALTER: u64 = 2;

impl Command {
    /// It as an entry of a log.
    pub(super) fn encode(&self) -> Arc<[u8]> {
        let words = match self {
            Self::Register { place, life } => vec![REGISTER, *place as u64, *life],
            Self::Fence { place, life } => vec![FENCE, *place as u64, *life],
            Self::Alter { of, epoch, version, in_sync } => {
                let head = [ALTER, of.0 as u64, of.1.into(), *epoch, *version];
                let places = in_sync.iter().flat_map(|(place, life)| [*place as u64, *life]);
                head.into_iter().chain(places).collect()
            }
        };
        words.into_iter().flat_map(u64::to_le_bytes).collect()
    }

    /// It from there.
    ///
    /// # Panics
    ///
    /// When nobody has encoded it so.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks::<8>();
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        match *words {
            [REGISTER, place, life] => Self::Register { place: place as usize, life },
            [FENCE, place, life] => Self::Fence { place: place as usize, life },
            [ALTER, topic, number, epoch, version, ref places @ ..] => {
                let (pairs, _) = places.as_chunks::<2>();
                let in_sync = pairs.iter().map(|[place, life]| (*place as usize, *life)).collect();
                Self::Alter { of: (topic as usize, number as u32), epoch, version, in_sync }
            }
            _ => unreachable!("a log has what was put into it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let in_sync = vec![(0, 3), (2, u64::MAX)];
        for command in [
            Command::Register { place: 2, life: 7 },
            Command::Fence { place: 0, life: 0 },
            Command::Alter { of: (3, 4), epoch: 5, version: 6, in_sync },
            Command::Alter { of: (0, 0), epoch: 1, version: 0, in_sync: Vec::new() },
        ] {
            assert_eq!(Command::decode(&command.encode()), command);
        }
    }
}
