use std::fmt;

use super::{HEAD, bytes, checksum};
use crate::raft::entry::Saved;
use crate::raft::ready::Persist;

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// What a member starts with.
    pub saved: Saved,
    /// How many bytes of the file are whole records. The rest must be cut off before anything is
    /// added, or what is added would stand behind it and be lost with it.
    pub valid: usize,
}

/// A record is damaged that others rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrupt {
    /// Where in the file it begins.
    pub offset: usize,
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the record at byte {} is damaged", self.offset)
    }
}

impl std::error::Error for Corrupt {}

/// Reads a file to its last whole record.
///
/// # Errors
///
/// When a damaged record is followed by a whole one, or a whole one does not fit what is before it.
pub fn recover(file: &[u8]) -> Result<Recovered, Corrupt> {
    let mut recovered = Recovered::default();
    while let Some((persist, length)) = record(file, recovered.valid) {
        replay(&mut recovered.saved, persist).ok_or(Corrupt { offset: recovered.valid })?;
        recovered.valid += length;
    }
    let mut later = recovered.valid + 1..file.len();
    if later.any(|offset| record(file, offset).is_some()) {
        return Err(Corrupt { offset: recovered.valid });
    }
    Ok(recovered)
}

/// The record at `offset`, if it is whole, and its length.
fn record(file: &[u8], offset: usize) -> Option<(Persist, usize)> {
    let (length, rest) = file.get(offset..)?.split_first_chunk()?;
    let (sum, rest) = rest.split_first_chunk()?;
    let length = u32::from_le_bytes(*length);
    let content = rest.get(..usize::try_from(length).ok()?)?;
    let is_whole = checksum(offset as u64, length, content) == u32::from_le_bytes(*sum);
    let persist = if is_whole { bytes::read(content)? } else { return None };
    Some((persist, HEAD + content.len()))
}

/// Does to `saved` what the record says, if it can follow.
fn replay(saved: &mut Saved, persist: Persist) -> Option<()> {
    if let Some(hard) = persist.hard {
        saved.hard = hard;
    }
    if let Some(from) = persist.truncate_from {
        saved.entries.truncate(usize::try_from(from.checked_sub(1)?).ok()?);
    }
    for entry in persist.append {
        if entry.index != saved.entries.len() as u64 + 1 {
            return None;
        }
        saved.entries.push(entry);
    }
    Some(())
}
