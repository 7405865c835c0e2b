use crate::messaging::codec::{open, read, seal, write};
use crate::store::{Key, Writes};

/// What a branch that has voted yes writes when it is told to.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) writes: Writes,
    /// The rows that say what it has locked.
    pub(super) locks: Vec<Key>,
}

impl Prepared {
    pub(super) fn encode(&self) -> Vec<u8> {
        seal(0, |out| {
            let writes: Vec<_> = self.writes.iter().collect();
            write::list(out, &writes, |out, (key, value)| {
                write::bytes(out, key);
                write::flag(out, value.is_some());
                write::bytes(out, value.as_deref().unwrap_or_default());
            });
            write::list(out, &self.locks, |out, key| write::bytes(out, key));
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = open(0, bytes).ok()?;
        let writes = read::list(&mut rest, |rest| {
            let key = read::bytes(rest)?.to_vec();
            let (is_put, value) = (read::flag(rest)?, read::bytes(rest)?.to_vec());
            Some((key, is_put.then_some(value)))
        })?;
        let locks = read::list(&mut rest, |rest| read::bytes(rest).map(<[u8]>::to_vec))?;
        Some(Self { writes: writes.into_iter().collect(), locks })
    }
}
