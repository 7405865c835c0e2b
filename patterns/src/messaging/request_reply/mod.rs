//! Asks by message, and waits for the message that replies.
//!
//! A call over a broker has what a broker has: whoever replies need not be there yet, may be one of many, and may take over from one
//! that has died. It also has what a broker has of difficulties. A reply may never come, so the table of who waits for what grows
//! by each one that does not, unless somebody cleans up. A reply may come when nobody waits any more, or twice, and must not
//! be taken for that to another request. And a request may lie in the queue longer than anybody waits for it, to be done then
//! for nobody.
//!
//! ```text
//!  Requester ── request: reply-to, correlation-id, expires ──▶ topic ──▶ Replier
//!      ▲                                                                    │
//!      └─ pending table ◀── inbox, this one's alone ◀── reply: correlation-id ┘
//! ```
//!
//! [`Requester::request`] keeps an entry of the table for as long as its future lives, and no longer: answered, timed out, failed
//! or dropped, nothing is left. Whatever else comes to the inbox is dropped and counted: *late*, *duplicate*
//! or *stray*. Numbers are of one life of a requester, so replies to an earlier one are strays.
//!
//! # What is promised
//!
//! | | |
//! |---|---|
//! | a reply | is that to this request, and the first |
//! | [`TimedOut`](RequestError::TimedOut) | says nothing: the request may have been done, or be done yet, where the broker lets nothing expire |
//! | [`NotSent`](RequestError::NotSent) | it is not done, and will not be |
//! | a request | is done at least once, by the settings of the replier's [`ConsumerConfig`](super::consumer::ConsumerConfig); effects that must be there once need an [`inbox`](super::inbox) |
//! | a reply whose inbox is gone | is dropped, and counted by the [`Replier`] |
//!
//! | others | the same | differ |
//! |---|---|---|
//! | MassTransit `IRequestClient` | `RequestTimeout` 30 s, faults as replies | late replies go to `_skipped` (`a_late_reply_is_dropped_and_counted`) |
//! | RabbitMQ direct reply-to | `reply-to`, `correlation-id` | the inbox is a pseudo-queue of the channel: a reply is gone with it (`a_reply_whose_inbox_is_gone_is_counted`) |
//! | NATS request | an inbox of its own | without anybody who replies it fails at once (503) (`requests_that_time_out_leave_nothing`) |
//! | Kafka, Spring `ReplyingKafkaTemplate` | `KafkaHeaders.REPLY_TOPIC`, 5 s | all requesters may share one topic, and drop what is not theirs (`each_request_has_its_own_reply`, `replicas_that_come_and_go_have_inboxes_of_their_own`) |
//!
//! ```
//! # use std::sync::Arc;
//! use cascadia_patterns::messaging::consumer::ConsumerConfig;
//! use cascadia_patterns::messaging::embedded::Embedded;
//! use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
//! use cascadia_patterns::messaging::request_reply::{Replier, RequestConfig, Requester};
//! use cascadia_patterns::messaging::{Broker, Delivery, Message, Subscription, TopicSettings};
//! use cascadia_patterns::store::MemoryStore;
//! use cascadia_runtime::{Stream, TokioWorld};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let (world, store) = (TokioWorld::new(), Arc::new(MemoryStore::new()));
//! let broker: Arc<dyn Broker> = Arc::new(Embedded::open(world, store, "bus").await?);
//! broker.declare("prices".into(), TopicSettings::queue()).await?;
//! let any = Stream::from_entropy;
//! let producer = Producer::new(ProducerConfig::default(), world, any(), Arc::clone(&broker))?;
//!
//! let price = async move |_: Delivery| Ok(Message::new("7 EUR"));
//! let config = ConsumerConfig::new(Subscription::new("prices", "shop"));
//! let replier = Replier::start(config, world, any(), Arc::clone(&broker), producer.clone(), price)?;
//!
//! let config = RequestConfig::new("replies-to-ann");
//! let requester = Requester::open(config, world, any(), broker, producer).await?;
//! let reply = requester.request("prices", Message::new("a hat")).await?;
//! assert_eq!((reply.bytes(), requester.pending()), (b"7 EUR".as_slice(), 0));
//! # drop(replier);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

mod config;
mod error;
mod pending;
mod replier;
mod requester;
#[cfg(test)]
mod tests;

pub use self::config::RequestConfig;
pub use self::error::RequestError;
pub use self::pending::{Pending, RequestCounts, Unanswered};
pub use self::replier::{Replier, Replies};
pub use self::requester::Requester;
