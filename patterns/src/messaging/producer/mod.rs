//! Publishes messages: in batches, again where that helps, and with an end for each.
//!
//! A loop around [`Broker::publish`](super::Broker::publish) is slow, as each message waits for an answer. One that does not wait
//! loses what the broker had no room for, and one that sends again what was not answered has it there
//! twice, or behind what came later. Whoever then drops the producer drops what was still in
//! its buffer. None of this is seen before somebody counts.
//!
//! ```text
//!  enqueue ─▶ partition 0: [open] ▶ [batch 3] ▶ [batch 2]      under way: batch 1, batch 0
//!          ─▶ partition 1: …          numbered when they are first sent
//!                                     a failed one goes back to its place, and those behind it wait
//! ```
//!
//! Every message that is offered ends as exactly one [`Fate`]: *confirmed*, *failed* (the broker has it not and
//! never will), *unknown* (the answer was lost, and with it the time), or *dropped*. They are counted, also those that nobody waits for.
//!
//! # What is promised
//!
//! | settings | loss | duplicates | order in a partition |
//! |---|---|---|---|
//! | `acks` all, `idempotent` | none of what is confirmed that the broker's replicas outlive | none | kept, with up to 5 batches under way |
//! | `acks` all or leader, not `idempotent`, `in_flight` 1 | the same; with leader, what a leader takes with it | where an answer is lost | kept; a duplicate may come late |
//! | the same, `in_flight` above 1 | the same | the same | not kept where one is sent again |
//! | `acks` none ([`fire_and_forget`](ProducerConfig::fire_and_forget)) | whatever the broker or the link loses | none | not kept |
//!
//! A batch that is given up while others follow it leaves a gap in the numbers, behind which the broker refuses everything. The
//! producer then learns what became of all that may have happened, asks for the next epoch and numbers what is
//! left anew. With a [`name`](ProducerConfig::name), a copy that is still on some link is fenced by the epoch. Without one the broker
//! gives a new identity and such a copy, if it arrives so late, is there.
//!
//! Keys are distributed as Kafka does ([`partition_of`](super::partition_of)); what has no key stays with one partition for a batch.
//!
//! | others | the same | differ |
//! |---|---|---|
//! | Kafka `KafkaProducer` | `linger.ms`, `batch.size`, `buffer.memory`, `max.block.ms`, `delivery.timeout.ms`, `enable.idempotence` | in flight are requests of a node, here batches of a partition; a callback instead of a value; `close` has a timeout of its own (`no_batch_is_left_behind_by_more_than_the_broker_remembers`, `a_message_ends_when_its_time_is_over`) |
//! | RabbitMQ publisher confirms | confirms; no batches | what was not confirmed is the user's to send again, and is there twice (`an_idempotent_producer_keeps_its_promises`, `a_producer_that_does_not_number_its_batches_is_found`) |
//! | NATS JetStream `PublishAsync` | `PublishAsyncMaxPending` | duplicates are known by `Nats-Msg-Id`, for 2 min (`the_last_five_batches_of_a_producer_are_known_again`, `a_message_is_known_by_its_id_for_the_window_and_not_longer`) |
//! | SQS `SendMessageBatch` | batches of 10 | some of a batch may fail; FIFO queues know a message again for 5 min (`a_crash_after_any_entry_loses_nothing_that_was_told`) |
//!
//! ```
//! # use std::sync::Arc;
//! use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
//! use cascadia_patterns::messaging::{Broker, Message};
//! use cascadia_runtime::{Stream, TokioWorld};
//!
//! async fn pay(broker: Arc<dyn Broker>) -> Result<(), Box<dyn std::error::Error>> {
//!     let (config, stream) = (ProducerConfig::default(), Stream::from_entropy());
//!     let producer = Producer::new(config, TokioWorld::new(), stream, broker)?;
//!     let fate = producer.send("orders", Message::new("paid").key("order-7")).await;
//!     assert!(fate.is_confirmed(), "{fate}");
//!     assert_eq!(producer.close().await.pending(), 0);
//!     Ok(())
//! }
//! ```
//!
//! # Determinism
//!
//! The core draws from the stream that it is handed: for each rest between tries anew, and for each partition of what has no
//! key.

mod accumulator;
mod answers;
mod config;
mod driver;
mod fate;
mod flights;
mod handle;
mod identity;
mod lane;
mod parcel;
mod shared;
mod sticky;
#[cfg(test)]
mod tests;

pub use self::accumulator::{Accumulator, Action};
pub use self::config::{ProducerConfig, WhenFull};
pub use self::fate::{Doubt, Fate, NoRoom, ProducerCounts, Why};
pub use self::handle::{Producer, Sending};
