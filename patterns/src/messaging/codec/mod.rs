//! Entries and settings as bytes, and back.
//!
//! What was written years ago by another version is read by this one, and what a disk has spoilt is not
//! taken for something else. So all that is written has a version and a checksum.
//!
//! | bytes | are |
//! |---|---|
//! | 1 | the version, [`VERSION`] |
//! | 4 | CRC-32 of the place, of the version and of the content |
//! | … | content: a tag, and its fields in their order |
//!
//! Numbers are little-endian and of a fixed width, texts and bytes have their length (32 bits) before them, lists
//! their number of items, and what may be missing a byte that says whether it is there. The place is that of
//! the entry: one that is found elsewhere is none.

mod change;
mod decision;
mod envelope;
mod identity;
mod message;
pub(crate) mod read;
mod routed;
#[cfg(test)]
mod tests;
mod topic;
pub(crate) mod write;

pub use self::change::{decode, encode};
pub(super) use self::decision::{
    decode_decision, decode_identity, encode_decision, encode_identity,
};
pub use self::envelope::{Corrupt, VERSION};
pub(crate) use self::envelope::{open, seal};
pub(super) use self::routed::{decode_routed, encode_routed};
pub(super) use self::topic::{decode_topic, encode_topic};
