//! Messages between those who need not know each other, nor be there at the same time.
//!
//! A call that is not answered is the caller's problem. A message is nobody's: whoever sent it has
//! gone on, whoever should do something about it has not heard of it. So all depends on what lies
//! between, and on a handful of settings whose wrong combination loses a message or does it twice, and
//! says nothing. Which ones, differs from broker to broker, and so does what they are called.
//!
//! [`Broker`] is what producers and consumers need of one, in the words that most brokers use. What one of
//! them cannot do is said by [`Broker::can`], and asking for it fails before the first message and not with it.
//!
//! ```text
//!  producer ── Batch ──▶ Broker ──▶ partition: 0 1 2 3 4 …
//!           ◀─ Receipt ─           group a ──▲   ▲── group b      each has a place of its own
//!
//!  consumer ◀─ Delivery ─ Feed ◀── READY ─▶ IN FLIGHT ─▶ ACKED
//!           ── Settle ──▶             ▲         │
//!                                     └─────────┴──────▶ DEAD ──▶ dead letter topic
//! ```
//!
//! | part | is |
//! |---|---|
//! | [`Message`], [`Batch`], [`Delivery`], [`Settle`], [`Subscription`] | what producers, consumers and brokers say to each other |
//! | [`Broker`], [`Feed`] | the seam: it names no runtime, so that each broker is behind the same one |
//! | [`partition`] | one partition: the log, who has which message, and what is to be made durable, without a disk or a clock |
//! | [`group`] | who of a group has which partitions |
//! | [`transaction`] | which transactions are open, and how they end |
//! | [`embedded`] | a broker of these within a process, on any [`Store`](crate::store::Store) |
//! | [`codec`] | what it keeps there, as bytes |
//! | [`promises`] | which settings promise what |
//! | [`producer`] | publishes in batches, again where that helps, with an end for each message; fire and forget |
//! | [`consumer`] | handles messages: publish and subscribe, work queues; when to acknowledge, in which order, when to stop |
//! | [`request_reply`] | asks by message |
//! | [`outbox`] | publishes what a transaction has decided, and only that |
//! | [`inbox`] | does once what is delivered twice |
//!
//! # What becomes of a message
//!
//! | it is | until | and then |
//! |---|---|---|
//! | published | it is durable | *ready*, and its producer told; nobody sees it before |
//! | ready | a consumer has room for it | *in flight*; *dead* if it has expired meanwhile |
//! | in flight | it is acknowledged | *done* |
//! | | it is refused, not settled in time, or its consumer is gone | *ready* again, after its rest; *dead* if that was the last attempt |
//! | | it is given up ([`Settle::Dead`]) | *dead* |
//! | parked | the one of its key before it is done ([`KeyOrder::Parked`]) | *ready* |
//! | dead | the dead letter topic has it, durably | *done* |
//!
//! Attempts are counted when they fail. One that ends with the death of the broker is not, so what kills the process that its
//! broker is embedded in is delivered without end; poison of that kind needs a broker of its own.
//!
//! # What others call it
//!
//! | here | Kafka | RabbitMQ | JetStream | SQS | Redis Streams | MassTransit |
//! |---|---|---|---|---|---|---|
//! | topic, partition | topic, partition | queue | stream | queue | stream | a type of message, as its transport has it |
//! | group | consumer group; share group | queue bound to an exchange | durable consumer | queue subscribed to SNS | consumer group | receive endpoint |
//! | `ack_wait` | `max.poll.interval.ms`, of all; of share groups, 30 s a record | `consumer_timeout`, 30 min, closes the channel | `AckWait`, 30 s | `VisibilityTimeout`, 30 s | none: `XAUTOCLAIM` by whoever wants | of its transport |
//! | `attempts` | share groups: 5 | `x-delivery-limit`, 20 of quorum queues, which means 21 deliveries | `MaxDeliver`, without bound | `maxReceiveCount` | none: `XPENDING` counts | `UseMessageRetry`, none by default |
//! | dead letter | none; by the client | dead letter exchange, at most once by default | none: an advisory | redrive policy | none | `_error`, `_skipped` |
//! | [`Settle::Requeue`] | `RELEASE` of share groups | `basic.nack`, near the head | `NAK` | `ChangeMessageVisibility` 0 | none | none: an exception, which `UseMessageRetry` tries again |
//! | [`Settle::RequeueAfter`] | none | a queue with a time to live | `NAK` with a delay | `ChangeMessageVisibility` | none | `UseDelayedRedelivery` |
//! | [`Settle::Dead`] | `REJECT` of share groups | `basic.reject` | `TERM` | none | none | an exception |
//! | [`Settle::Working`] | `poll` | none | `WPI` | `ChangeMessageVisibility` | `XCLAIM` | of its transport |
//! | [`Abandoned`] | released | released | kept | kept | kept | of its transport |
//! | [`LateAck`] | fence, by generation | fence: the channel is closed | accept | accept; FIFO: fence | accept | of its transport |
//! | `prefetch` | `max.poll.records`, 500 | `basic.qos`, without bound | `MaxAckPending`, 1,000 | up to 10 a call | `COUNT` | `PrefetchCount` |
//! | [`Numbered`] | idempotent producer | none; streams: a publishing id | none | none | none | none |
//! | [`Message::id`] | none | none; streams: a publishing id | `Nats-Msg-Id`, 2 min | FIFO, 5 min | `XADD` with an id | `MessageId` in the inbox, 30 min |
//! | [`KeyOrder::Parked`] | none: the partition waits | single active consumer | one partition of subjects each | FIFO message group | none | `UsePartitioner`, within a process |
//! | [`Overflow`] | none | `drop-head`, `reject-publish` | `DiscardOld`, `DiscardNew` | none | `MAXLEN`, drops the head | of its transport |
//!
//! # Where they differ
//!
//! | others | differ | here | test |
//! |---|---|---|---|
//! | Kafka | a message is not settled alone: what is before an offset is done | each message is; [`Settle::AckThrough`] does as an offset does | `everything_before_an_offset_is_done_with_one_word` |
//! | Kafka | a new group begins with what comes | as it says | `a_group_begins_where_it_wants` |
//! | Kafka | who falls behind what is kept goes on silently, with what comes | as it says, and it is told of the gap | `who_falls_out_of_range_goes_on_as_it_has_said`, `what_is_too_old_is_kept_no_more_and_who_is_late_is_told` |
//! | Kafka | a partition waits for a message that fails, or skips it | its key waits | `a_key_whose_message_is_retried_waits_and_others_go_on` |
//! | RabbitMQ | a limit of n means n + 1 deliveries | n | `poison_is_dead_after_its_attempts_and_buried_before_it_is_done` |
//! | RabbitMQ | a dead letter may be lost on its way | it is durable before the message is gone | `a_message_that_cannot_be_buried_is_not_done` |
//! | RabbitMQ | what is refused is back near the head; in a quorum queue without a limit, behind all that is there (3.10) | near the head | `what_is_refused_is_before_what_came_after_it`, `without_a_limit_what_is_refused_is_behind_what_came_after_it` |
//! | RabbitMQ | a full queue drops its head, and nobody is told | refuses, and the producer is told | `a_full_topic_does_as_it_was_told` |
//! | JetStream | what was delivered too often stays, and only an advisory tells | is dead | `what_kills_its_consumers_is_a_dead_letter` |
//! | JetStream | a late acknowledgement counts | as it says | `a_late_ack_of_the_previous_consumer_counts_as_the_settings_say` |
//! | JetStream, SQS, Redis Streams | what a consumer had that is gone comes when its time is over | as it says | `what_a_consumer_had_that_is_gone_is_released_or_stays_until_its_time_is_over` |
//! | JetStream, SQS FIFO | a message is known again by its id, for 2 min, for 5 min | for as long as its topic says | `a_message_is_known_by_its_id_for_the_window_and_not_longer` |
//! | JetStream | what has rested while but one who is gone has asked has the last message come again, though it is done (2.9) | nothing else comes | `what_has_rested_while_but_one_who_is_gone_has_asked_brings_the_last_message_again` |
//! | Redis Streams | who leaves is sent what comes until its request is over, which counts as a delivery | is sent nothing | `who_leaves_is_sent_what_comes_until_its_request_is_over` |
//! | RabbitMQ | whose connection is dead is sent what comes until that is known, which counts as a delivery | is sent nothing | `whose_connection_is_dead_is_sent_what_comes_until_that_is_known` |
//! | Redis Streams | an acknowledgement that was not synced is forgotten: the message comes again | an answer waits for the sync | `an_ack_that_was_not_synced_is_taken_back_and_not_told` |
//! | SQS | some of a batch may fail | all of it or nothing | `a_crash_after_any_entry_loses_nothing_that_was_told` |
//! | SQS | without FIFO there is no order | by key, where it is asked for | `a_key_is_done_in_its_order` |
//! | MassTransit | the kill switch stops the endpoint, which leaves its group | the consumer stands still and stays a member | `a_consumer_that_fails_at_everything_stops` |
//! | MassTransit | redelivery after a pause lets others overtake | so, too, unless the order is by key | `without_that_a_message_that_is_retried_is_overtaken` |
//!
//! What is told of the others is of their documentation. Of those that have an adapter (`adapters/{redis,nats,rabbitmq}`) the
//! histories of `suite` are played against a real server, all but those that need what the adapter denies, and so they are
//! against the broker in its place, with the defaults of the system.

mod acks;
mod backoff;
mod batch;
mod broker;
mod bytes;
mod capabilities;
pub mod codec;
mod conclusion;
pub mod consumer;
mod delivery;
pub mod embedded;
mod error;
mod feed;
pub mod group;
mod headers;
mod identity;
mod ids;
pub mod inbox;
mod lag;
mod message;
pub mod outbox;
pub mod partition;
mod partitioner;
pub mod producer;
pub mod promises;
mod receipt;
pub mod request_reply;
mod settle;
mod sharing;
mod start;
mod subscription;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
#[cfg(test)]
pub(crate) mod tests;
mod topic;
pub mod transaction;

pub use self::acks::Acks;
pub use self::backoff::Backoff;
pub use self::batch::Batch;
pub use self::broker::Broker;
pub use self::bytes::Bytes;
pub use self::capabilities::{Capabilities, Capability};
pub use self::conclusion::{Conclusion, End};
pub use self::delivery::{Delivery, DeliveryId, Source, Token};
pub use self::error::BrokerError;
pub use self::feed::{Fed, Feed};
pub use self::headers::{Headers, header};
pub use self::identity::{Numbered, ProducerIdentity, Sequence};
pub use self::ids::{
    Generation, Group, MemberId, MessageId, Offset, Partition, Topic, TransactionalId,
};
pub use self::lag::Lag;
pub use self::message::Message;
pub use self::partitioner::{key_hash, partition_of};
pub use self::receipt::Receipt;
pub use self::settle::{Settle, Settled};
pub use self::sharing::{Abandoned, AckMode, Assignor, KeyOrder, LateAck, Sharing};
pub use self::start::{Reset, Start};
pub use self::subscription::Subscription;
pub use self::topic::{Keep, Overflow, TopicSettings};
