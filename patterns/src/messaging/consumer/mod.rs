//! Handles messages: how many at a time, in which order, and what is said of each, and when.
//!
//! The loop that everybody writes takes a message, does its work and acknowledges it. It does one thing at a time; made
//! to do several, it loses the order. Acknowledged before its work, a message is lost with the process; after it, it comes
//! again. A message that can never be done comes again for ever, and holds up all others. A slow one is taken for lost and
//! given to somebody else as well. When the database is gone, every message fails, as fast as they come. And whoever
//! stops the process stops it in the middle.
//!
//! ```text
//!  Feed ─▶ queued behind its key ─▶ ready ─▶ running ─▶ acknowledged
//!                   ▲                 ▲         ├─ again: given back, or parked with its key
//!                   └── parked ◀──────┴─────────┤
//!                                               └─ poison, or too often: dead
//! ```
//!
//! [`Consumer`] calls a [`Handler`]; [`Poller`] is asked for messages in a loop. Both are thin: what happens to a message
//! is decided by [`Intake`], which is told the time and waits for nothing.
//!
//! # What is promised
//!
//! | settings | a message is handled | lost | order of a key |
//! |---|---|---|---|
//! | [`Before`](AckWhen::Before), or deliveries that acknowledge | at most once | where a handler fails, or the process ends; counted, unless it ended | as delivered, with `concurrency` 1 |
//! | [`After`](AckWhen::After) | at least once, and again where its acknowledgement is late or lost; counted | never, unless it is dead | [`Order::Key`], or `concurrency` 1 and [`KeyOrder::Parked`](super::KeyOrder::Parked) |
//! | [`Auto`](AckWhen::Auto) | as after, and again all that was handled in the last period before a crash | the same | the same |
//! | [`Manual`](AckWhen::Manual) | as the handler says | as the handler says | the same |
//! | [`Poller`] with `auto_commit` | at least once only if all is done before the next poll | what was polled and not done when a later poll acknowledges it | as delivered |
//!
//! Effects that must be there once need an [`inbox`](super::inbox) besides.
//!
//! While it is paused, or stands still as the [kill switch](KillSwitchConfig) has tripped, it keeps what it has, and
//! asks for more time for that: nothing of it counts as an attempt.
//!
//! | others | the same | differ |
//! |---|---|---|
//! | Kafka `KafkaConsumer` | `poll`, `enable.auto.commit`, `ConsumerRebalanceListener`, `pause` | one thread; no single message is acknowledged; retries are the user's (`a_key_whose_message_is_retried_waits_and_others_go_on`, `everything_before_an_offset_is_done_with_one_word`) |
//! | Confluent parallel consumer | order by key | acknowledges by ranges that it encodes beside the offset |
//! | RabbitMQ `basic.consume` | `basic.ack`, `basic.reject`, `prefetch` | no extension of the time; a channel that closes gives all back (`a_slow_handler_is_given_more_time`, `what_a_consumer_had_that_is_gone_is_released_or_stays_until_its_time_is_over`) |
//! | MassTransit | `UseMessageRetry`, `UseDelayedRedelivery`, `UseKillSwitch`, `_error` queues | the kill switch stops the endpoint, which leaves its group (`a_consumer_that_fails_at_everything_stops`) |
//! | SQS | `ChangeMessageVisibility`, `maxReceiveCount` | |
//! | JetStream `Consume` | `Ack`, `Nak`, `Term`, `InProgress` | what was delivered too often stays, and only an advisory tells (`what_kills_its_consumers_is_a_dead_letter`) |
//!
//! ```
//! # use std::sync::Arc;
//! use cascadia_patterns::messaging::consumer::{Consumer, ConsumerConfig, Fault};
//! use cascadia_patterns::messaging::{Broker, Delivery, Subscription};
//! use cascadia_runtime::{Stream, TokioWorld};
//!
//! async fn ship(broker: Arc<dyn Broker>) -> Result<(), Box<dyn std::error::Error>> {
//!     let subscription =
//!         Subscription { dead_letter: Some("dead".into()), ..Subscription::new("orders", "shipping") };
//!     let config = ConsumerConfig { concurrency: 8, ..ConsumerConfig::new(subscription) };
//!     let handler = async move |order: Delivery| match order.message.bytes() {
//!         b"" => Err(Fault::poison("an order of nothing")),
//!         _ => Ok(()),
//!     };
//!     let consumer = Consumer::start(config, TokioWorld::new(), Stream::from_entropy(), broker, handler)?;
//!     let counts = consumer.drain().await?;
//!     assert_eq!(counts.lost, 0);
//!     Ok(())
//! }
//! ```

mod actions;
mod config;
mod connecting;
mod counts;
mod driver;
mod ends;
mod fault;
mod giving;
mod handle;
mod handler;
mod intake;
mod job;
mod kill_switch;
mod link;
mod note;
mod poller;
#[cfg(test)]
mod tests;

pub use self::config::{AckWhen, ConsumerConfig, Order};
pub use self::counts::ConsumerCounts;
pub use self::fault::Fault;
pub use self::handle::Consumer;
pub use self::handler::Handler;
pub use self::intake::{Action, Intake};
pub use self::kill_switch::{KillSwitch, KillSwitchConfig};
pub use self::poller::{PollConfig, Polled, Poller};
