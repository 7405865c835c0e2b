//! Publishes what a transaction has decided, if it has.
//!
//! An order is written to a database, and a message tells others. Published before the commit, it tells of what may never be; published
//! after it, it is lost with a process that dies between the two. There is no moment for it that is right. So it is written as a row,
//! in the transaction of the order, and somebody else publishes it: the relay.
//!
//! The relay is where the usual mistakes are. It publishes and dies before it has deleted: the message
//! is there twice, which its id makes known. Two of them run, as one was taken for dead: both publish, and what the slower one
//! deletes was not its own any more. And rows that are numbered when they are written are not committed in
//! that order: a relay that remembers how far it came has gone past a number that is committed later, and never
//! sees it.
//!
//! ```text
//!  transaction: order 7 := paid, outbox/row/… := "paid 7"     one commit, or nothing
//!                                      │
//!  relay: lease ─▶ first rows, from the beginning ─▶ publish ─▶ acknowledged? ─▶ delete, if still the relay
//! ```
//!
//! [`Outbox::add`] writes the row. [`Relay`] always reads from the beginning, unless it is
//! [told otherwise](ReadFrom::Last), so there is nothing that it could have gone past. The keys are in an order in which a transaction comes after all whose effects it has seen, so what happens to one
//! thing is published in the order in which it happened. It deletes only what the broker has acknowledged, and only if the
//! lease is still its own, by the revision of that.
//!
//! # What is promised
//!
//! | | |
//! |---|---|
//! | a transaction that has committed | its messages are published, at least once |
//! | one that has not | none of them is |
//! | order | by cause, for each partition; a message that a former relay publishes late may come again behind later ones |
//! | twice | after a crash between publishing and deleting, and where two relays take themselves for the one. The id is the same: the broker's window (`dedupe`) drops it, or an [`inbox`](super::inbox) |
//! | what the broker will never take | is put apart ([`Relay::dead`]), counted, and holds up nothing |
//!
//! | others | the same | differ |
//! |---|---|---|
//! | MassTransit bus outbox | `QueryDelay`, `MessageDeliveryLimit`, a lock of the row of the outbox | in order within a transaction only (`what_is_committed_is_published_in_its_order_and_nothing_else_is`) |
//! | Eventuate Tram, Debezium outbox | rows in the transaction; Debezium reads the log of the database, which is in the order of commits | a column says whether it is published; a log slot must be kept |
//! | Spring Modulith event publication registry | | resubmits at a restart, in no order |
//!
//! ```
//! # use std::sync::Arc;
//! use cascadia_patterns::messaging::Message;
//! use cascadia_patterns::messaging::outbox::Outbox;
//! use cascadia_patterns::store::{MemoryStore, Store, StoreError, Transaction};
//! use cascadia_runtime::Stream;
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
//! let outbox = Outbox::new("outbox/", &mut Stream::from_entropy());
//! let mut transaction = Transaction::begin(&store);
//! transaction.put("order/7", "paid");
//! outbox.add(&mut transaction, "orders", Message::new("paid").key("order-7")).await?;
//! transaction.commit().await?;
//! # Ok::<(), StoreError>(())
//! # }).unwrap();
//! ```

mod config;
mod lease;
mod relay;
mod relaying;
mod rows;
#[cfg(test)]
mod tests;
mod writer;

pub use self::config::{OutboxConfig, ReadFrom};
pub use self::relay::{Relay, RelayCounts, Round};
pub use self::relaying::Relaying;
pub use self::writer::{Added, Outbox};
