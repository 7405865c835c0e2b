//! Partitions that several places keep: one leads, the others follow it.
//!
//! # The problem
//!
//! A partition at one place is gone with it. Copies are of use only if it is known which of them are whole: a leader
//! that waits for all stands still with the slowest, one that waits for none takes to its grave what it confirmed. So,
//! as in Kafka, those count that have kept up, the *in-sync replicas*. What all of them have is behind the *watermark*:
//! it is confirmed to who asked for that, and delivered. Who falls behind for too long is put out, which only the
//! [controller](super::controller) can do, so that nobody leads who was put out, and comes back when it has caught up.
//!
//! | here | Kafka |
//! |---|---|
//! | an entry is at all in-sync replicas | `highWatermark` |
//! | fewer than `min_insync` of them: who wants all is refused, and the watermark stays | `NOT_ENOUGH_REPLICAS`; KIP-966 for the second |
//! | a follower asks from its end on, with the epoch of its last entry; who leads says where they part | `Fetch`, KIP-101 and its successors KIP-279 and KIP-320 |
//! | a follower is behind that has not had all for `replica_lag` | `replica.lag.time.max.ms` |
//! | who was proposed to be in sync counts as that until it is known to be refused | the maximal ISR of KIP-497 |
//! | who was started anew is put out of sync first | KIP-903, KIP-966 |
//!
//! A follower asks on when its disk has what it was given, as far as the broker waits for that
//! ([`Flush`](super::Flush)): Kafka asks on at once. Entries are what the partition writes down, so that followers have
//! what groups have done, too, which Kafka keeps in a topic of its own.

mod following;
mod leading;
mod ledger;
mod peer;
mod state;
mod words;

pub(super) use self::following::Following;
pub(super) use self::leading::Leading;
pub(super) use self::ledger::Ledger;
pub(super) use self::state::{Part, Replica};
pub(super) use self::words::{Fetch, Fetched, Found};
