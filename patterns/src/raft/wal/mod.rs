//! A write-ahead log: what the disk must hold, as bytes that are only ever added to.
//!
//! A crash may leave half a record behind, and a disk may damage what was whole. The two must not be
//! taken for each other: half a record at the end was never acknowledged and is dropped, but what is
//! missing before a whole one was promised to others, and a member that starts without it breaks its
//! word. So each record has its length and a checksum, and one that is damaged is the end of the log
//! only if no whole one follows anywhere.
//!
//! | bytes | are |
//! |---|---|
//! | 4 | how many bytes of content follow |
//! | 4 | CRC-32 of where in the file the record begins, of these 4 bytes and of the content |
//! | … | content: the [`Persist`] without its number |
//!
//! All numbers are little-endian. As its place is in the checksum, a record is whole only where it was
//! written, and a command that looks like a record is none.
//!
//! What is not yet synced must be lost from the end: where a disk may keep a later page and lose an
//! earlier one, only one record may be under way at a time; what comes meanwhile is
//! [one write](Persist::then). And a record that is whole need not be synced, where a process died and
//! its machine did not: a member starts with a file when that has been synced once more.

mod bytes;
mod recover;

use super::ready::Persist;

pub use self::recover::{Corrupt, Recovered, recover};

/// Bytes before the content.
const HEAD: usize = 8;

/// The record for the place `offset` of the file, which is its end.
///
/// # Panics
///
/// When the entries take more than 4 GiB.
pub fn encode(offset: u64, persist: &Persist) -> Vec<u8> {
    let mut record = vec![0; HEAD];
    bytes::write(&mut record, persist);
    let length = u32::try_from(record.len() - HEAD).expect("a record has less than 4 GiB");
    let sum = checksum(offset, length, &record[HEAD..]);
    record[..4].copy_from_slice(&length.to_le_bytes());
    record[4..HEAD].copy_from_slice(&sum.to_le_bytes());
    record
}

fn checksum(offset: u64, length: u32, content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&offset.to_le_bytes());
    hasher.update(&length.to_le_bytes());
    hasher.update(content);
    hasher.finalize()
}
