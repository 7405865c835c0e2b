//! One partition, without a network, a disk or a clock.
//!
//! A broker loses messages at its seams: it confirms what is not on its disk yet, delivers what it then loses, or takes
//! an acknowledgement of a consumer whose message is somebody else's by now. All of that is a question of what happens
//! after what, and can be tried exhaustively only where nothing else happens by itself. So [`PartitionCore`] does no
//! input or output: it is told what happens, and says what is to be made durable and what may be said.
//!
//! ```text
//!  publish, settle, end ──▶ ┌──────┐ ── entries ──▶ a store, a disk, a replicated log
//!  on_tick(now)         ──▶ │ core │ ◀── on_durable(upto) ──┘
//!  deliver(consumer)   ◀──▶ └──────┘ ── effects ──▶ answers, letters to bury
//! ```
//!
//! - *Nothing relies on what is not durable.* A message is delivered, a batch confirmed and an acknowledgement
//!   answered only when all that was written before is. That goes for refusals, too: a copy of a batch is not told to be one before
//!   the first is there.
//! - *It says what it needs no more.* With entries come the indices of those before that are superseded, so a store
//!   keeps as much as there is left to do. To keep more of them does no harm: replayed in their order, they come to the
//!   same.
//! - *A delivery is of one life.* Its [`Token`](super::Token) has the term of the process, so that one of before a
//!   restart is not taken for another.
//! - *A group has one line of deadlines*, as all of its deliveries take the same time; settled ones leave it.
//!
//! ```
//! use cascadia_patterns::messaging::partition::{ConsumerId, Effect, Now, PartitionCore, Ticket};
//! use cascadia_patterns::messaging::{
//!     Batch, Message, Partition, Settle, Start, Subscription, TopicSettings,
//! };
//!
//! let (now, name) = (Now::default(), Partition::new("orders", 0));
//! let mut core = PartitionCore::new(name.clone(), TopicSettings::queue(), 1, now);
//! let subscription = Subscription::new("orders", "shop");
//! let reader = core.read(now, &"shop".into(), Start::Earliest, (&subscription).into());
//!
//! core.publish(now, Ticket(1), Batch::new(name, [Message::new("one")]));
//! let (mut entries, mut superseded) = (Vec::new(), Vec::new());
//! core.take_entries(&mut entries, &mut superseded);
//! assert_eq!(core.poll_effect(), None);
//! assert_eq!(core.deliver(now, reader, ConsumerId(1)), None);
//!
//! // The entries are written and synced.
//! core.on_durable(entries.last().unwrap().index);
//! assert!(matches!(core.poll_effect(), Some(Effect::Published(Ticket(1), Ok(_)))));
//! let handed = core.deliver(now, reader, ConsumerId(1)).unwrap();
//! core.settle(now, Ticket(2), reader, &[(handed.offset, handed.token)], &Settle::Ack);
//! ```
//!
//! # Order and speed
//!
//! Messages of a group are delivered by offset, those that come again before those that are new. Each event costs the
//! same however long the log is; what it costs grows with the logarithm of what waits to be delivered again.
//! Trimming, compaction and summing up what a group has done are paid for by as many events as they save.
//!
//! | limit | is | from |
//! |---|---|---|
//! | batches of a producer that are known | [`KNOWN_BATCHES`] | Kafka |
//! | how long a producer is known | [`KNOWN_FOR`] | Kafka `producer.id.expiration.ms` |
//! | how long a tombstone is kept | [`TOMBSTONES_FOR`] | Kafka `delete.retention.ms` |
//! | messages that wait for one of their key | [`MOST_PARKED`] | ours |

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
mod readers;
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
