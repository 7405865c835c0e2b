//! A [`Broker`](cascadia_patterns::messaging::Broker) on the quorum queues of RabbitMQ, at least once.
//!
//! RabbitMQ has no time within which a message must be settled: one that its consumer has forgotten is gone until the
//! connection is. And what it counts are the deliveries behind the first, so a limit of 3 means 4 of them. Here the feed
//! gives back what is not settled in time, and the limit of a queue is one less than the attempts.
//!
//! | here | RabbitMQ |
//! |---|---|
//! | topic | a durable fanout exchange |
//! | group | a durable quorum queue bound to it; an exclusive one has a single active consumer |
//! | offset | none: counted by the client, a new one with each delivery |
//! | `prefetch` | `basic.qos`; where it changes, the consumer is cancelled and another one begins |
//! | `ack_wait` | a timer of the feed, at whose end the message is requeued |
//! | attempts | `x-delivery-limit` and one; there is no default |
//! | dead letters | a dead letter exchange, at least once |
//! | [`Message::expires`](cascadia_patterns::messaging::Message::expires) | `expiration`, in whole milliseconds from when it is published, and a header; who gets it too late gives it up |
//! | a batch | one message after another: where one fails, the others are there, and that is `Unknown` |
//!
//! - *What is published before there is a group* is confirmed, and lost: an exchange keeps nothing. So a topic is a queue,
//!   and what a log would be is refused.
//! - *A queue keeps the settings* that it was made with. Who subscribes with other attempts, or other dead letters, is
//!   refused, until the group is forgotten.
//! - *An acknowledgement is not answered.* The feed asks for something else behind it, which is: the server has heard it
//!   then, and may not have written it yet.
//! - *What is late* is stale always, as it was given back.
//! - *A dead letter* tells the reason that the server has, `rejected` or `delivery_limit`, and not that of the consumer.
//! - *A lag* counts what is ready only. *A topic that is removed* leaves the queues of its groups until they are forgotten.
//! - *What is worthless* is buried when it is at the head of its queue, whether or not anybody is there to have it. A time to live
//!   of a whole topic is refused: an exchange has none, and a queue does not know its topic.
//! - *When it was published* is not known, and is 1970.
//! - *What is not [`durable`](RabbitConfig::durable)* is in classic queues, with dead letters at most once: all of it is
//!   gone with the server.
//! - *A queue that was made* less than half a second before its server was killed has no leader when that is back (3.10).
//!
//! What was not sent is `Unavailable`, and what was sent and not answered `Unknown`.

mod broker;
mod carried;
mod config;
mod error;
mod feeding;
mod joining;
mod link;
mod server;
mod settling;
mod taking;

pub use self::broker::RabbitQueues;
pub use self::config::RabbitConfig;
