use crate::messaging::Bytes;
use crate::messaging::codec::{Corrupt, open, read, seal, write};
use crate::saga::codec;
use crate::saga::fault::Fault;

/// What a participant has written down of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It was done, with this result.
    Done(Bytes),
    /// It was refused, and is refused for ever.
    Refused(Fault),
    /// Its undo came first: it was never done, and never will be.
    Tombstone,
}

impl Kept {
    pub(super) fn encode(&self) -> Vec<u8> {
        seal(0, |out| match self {
            Self::Done(output) => {
                write::byte(out, 0);
                write::bytes(out, output);
            }
            Self::Refused(fault) => {
                write::byte(out, 1);
                codec::write_fault(out, fault);
            }
            Self::Tombstone => write::byte(out, 2),
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut rest = open(0, bytes)?;
        let mut kept = || {
            Some(match read::byte(&mut rest)? {
                0 => Self::Done(codec::bytes(&mut rest)?),
                1 => Self::Refused(codec::read_fault(&mut rest)?),
                2 => Self::Tombstone,
                _ => return None,
            })
        };
        kept().ok_or(Corrupt::Damaged)
    }
}
