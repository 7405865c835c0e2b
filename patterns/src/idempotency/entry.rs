use cascadia_runtime::Wall;

use crate::messaging::codec::{Corrupt, open, read, seal, write};

/// What is written down of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) fingerprint: u64,
    /// How often the work was begun.
    pub(super) epoch: u64,
    pub(super) phase: Phase,
}

/// What has become of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is under way, until this moment at most; then it has crashed.
    InProgress(Wall),
    /// It was answered so, which is known until this moment.
    Done(Vec<u8>, Wall),
    /// It was answered, and the answer is not kept.
    Open,
}

impl Entry {
    pub(super) fn encode(&self) -> Vec<u8> {
        seal(0, |out| {
            write::long(out, self.fingerprint);
            write::long(out, self.epoch);
            match &self.phase {
                Phase::InProgress(until) => {
                    write::byte(out, 0);
                    write::long(out, until.as_nanos());
                }
                Phase::Done(answer, expires) => {
                    write::byte(out, 1);
                    write::bytes(out, answer);
                    write::long(out, expires.as_nanos());
                }
                Phase::Open => write::byte(out, 2),
            }
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut rest = open(0, bytes)?;
        let mut entry = || {
            Some(Self {
                fingerprint: read::long(&mut rest)?,
                epoch: read::long(&mut rest)?,
                phase: match read::byte(&mut rest)? {
                    0 => Phase::InProgress(Wall::from_nanos(read::long(&mut rest)?)),
                    1 => {
                        let answer = read::bytes(&mut rest)?.to_vec();
                        Phase::Done(answer, Wall::from_nanos(read::long(&mut rest)?))
                    }
                    2 => Phase::Open,
                    _ => return None,
                },
            })
        };
        entry().ok_or(Corrupt::Damaged)
    }
}
