//! One partition, without a network, a disk or a clock.

mod base;
mod compaction;
mod core;
mod counts;
mod effect;
mod entry;
mod journal;
mod log;
mod now;
mod open;
mod overflow;
mod overflowed;
mod producers;
mod publish;
mod reader;
mod replay;
mod seen;
#[cfg(test)]
mod tests;
mod transactions;
mod trim;
mod trimming;

pub use self::compaction::TOMBSTONES_FOR;
pub use self::core::PartitionCore;
pub use self::counts::Counts;
pub use self::effect::{Burial, ConsumerId, Deceased, Effect, ReaderId, Ticket};
pub use self::entry::{Appended, Change, Cursor, Entry, Known, Placed, ProducerState, Tried};
pub use self::now::Now;
pub use self::producers::{KNOWN_BATCHES, KNOWN_FOR};
pub use self::reader::{Handed, MOST_PARKED, ReaderSettings};
