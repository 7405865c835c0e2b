//! A [`Broker`](cascadia_patterns::messaging::Broker) on the logs of Kafka, at least once.
//!
//! Kafka knows nothing of single messages. It keeps, for each group and partition, one number: everything before it is done.
//! So nothing is refused, counted, put off or dead there, and it is denied here; whoever has a partition
//! decides what becomes of a message that fails. What can be done is to say of single messages that they are
//! done: the number goes up as far as all before it are, and whoever has the partition next begins there.
//!
//! | here | Kafka |
//! |---|---|
//! | topic, partition | topic, partition |
//! | group | a consumer group of the classic protocol, whose members are given partitions |
//! | offset | the offset |
//! | [`Message::id`](cascadia_patterns::messaging::Message::id) | a header, and nothing to Kafka |
//! | `Settle::Ack`, `Settle::AckThrough` | a commit that is answered, of the lowest offset that is not done |
//! | `ack_wait` | none of a message, which stays with who has its partition |
//! | `prefetch` | how much is handed on; the client has fetched more |
//! | a batch | messages one after another: where one fails, the others are there, and that is `Unknown` |
//! | a queue | none: what is done stays as long as `retain_for` says |
//!
//! - *A message that was acknowledged behind one that was not* comes again to whoever has the partition next.
//! - *Where a group begins* is committed when it is given a partition for the first time.
//! - *What a member had whose partition is another's* is stale, and its feed has told so.
//! - *Expiry* is denied: what is kept no more is passed over by who is late, and nobody buries it.
//! - *Each try* is the first: deliveries are not counted.
//! - *A gap* in what is kept is passed over in silence.
//! - *Idempotence* is the client's: it has an identity of its own and sends again what is known again. So nothing can be
//!   numbered here.
//! - *A feed* rides out a lost connection; it asks its group on a thread of its own, so that who does not ask for more is a
//!   member all the same.
//! - *A topic that is declared again* with other settings keeps those that it has.
//!
//! It was tried on the mock cluster of `librdkafka`, which has one process, no disk, no controller, and neither `CreateTopics` nor
//! `ListOffsets` by time: with it, topics are made as they are asked for, which is to be said
//! ([`auto_create`](KafkaConfig::auto_create)) and denies [`Declare`](cascadia_patterns::messaging::Capability::Declare). So does
//! a cluster that is too old for it. What `declare` and `remove` ask was tried on a few lines that answer as a controller does.
//!
//! What was not sent is `Unavailable`, and what was sent and not answered `Unknown`.

mod broker;
mod carried;
mod config;
mod error;
mod feeding;
mod joining;
mod link;
mod members;
mod places;
mod seat;
mod server;
mod settling;
mod watching;

pub use self::broker::KafkaLogs;
pub use self::config::KafkaConfig;
