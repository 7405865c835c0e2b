//! What is promised by which settings.
//!
//! Most brokers can lose a message or deliver it twice, and most of them can be set so that they do not; which settings do,
//! is spread over three manuals, and none says what a combination is worth. Here it is a table, and a function:
//! [`promise`]. A test drives the embedded broker through crashes and lost answers by each row ([`ROWS`]): what a row
//! rules out never happens, and what it does not rule out does.
//!
//! | published | consumed | lost | there twice | order of a key |
//! |---|---|---|---|---|
//! | [`Acks::None`] | | with the broker, and nobody is told | | |
//! | acknowledged, sent again without a number or an id | | | where the answer was lost | lost with the copy |
//! | acknowledged, numbered | | | no: the last five batches are known, for 24 h | kept |
//! | acknowledged, with ids | | | no, within [`TopicSettings::dedupe`](super::TopicSettings::dedupe) | kept |
//! | | [`AckMode::OnDelivery`] | with the consumer | no | |
//! | | [`AckMode::Explicit`] | no | where the consumer, or its acknowledgement, is late or lost | |
//! | | in a transaction | no | no, of what it publishes; yes, of what else it does | |
//! | | [`KeyOrder::Free`] | | | until a message of the key is retried, and with one consumer at a time |
//! | | [`KeyOrder::Parked`] | | | kept |
//!
//! Of what is acknowledged, as much survives as the store says ([`store`](crate::store)): in memory, nothing outlives the
//! process. A message that a topic retains no longer, that expires, or that overflows it, is counted and not
//! delivered; that is what was asked for.

#[cfg(test)]
mod tests;

use super::acks::Acks;
use super::sharing::{AckMode, KeyOrder, Sharing};
use super::subscription::Subscription;

/// How messages are known again when they are sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// Not at all.
    Nothing,
    /// By the numbers of their producer.
    Number,
    /// By their ids, within the window of the topic.
    Id,
}

/// How messages are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publishing {
    /// What is waited for.
    pub acks: Acks,
    /// Whether a message whose answer is lost is sent again.
    pub retries: bool,
    /// How it is then known.
    pub known_by: KnownBy,
}

/// What is kept of the order of messages with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Nothing.
    None,
    /// They are in order until one of them is retried.
    UntilRetry,
    /// They are in order.
    Kept,
}

/// What is promised, of messages that are published and consumed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Each message is consumed at least once.
    pub never_lost: bool,
    /// No message is consumed twice.
    pub never_doubled: bool,
    /// Messages of one key are consumed in the order in which they were sent.
    pub order: Order,
}

/// What these settings promise together. `in_transaction` says that consuming is publishing what comes of it in one
/// transaction, of which only who reads what is committed sees anything.
pub fn promise(
    publishing: Publishing,
    subscription: &Subscription,
    in_transaction: bool,
) -> Promise {
    let is_told = publishing.acks != Acks::None;
    let is_known = publishing.known_by != KnownBy::Nothing;
    let copies = publishing.retries && !is_known;
    let at_most_once = subscription.ack == AckMode::OnDelivery;
    let in_turn = matches!(subscription.sharing, Sharing::Partitions(_) | Sharing::Exclusive);
    Promise {
        never_lost: is_told && publishing.retries && !at_most_once,
        never_doubled: !copies && (at_most_once || in_transaction),
        order: match subscription.key_order {
            _ if copies => Order::None,
            KeyOrder::Parked => Order::Kept,
            KeyOrder::Free if in_turn => Order::UntilRetry,
            KeyOrder::Free => Order::None,
        },
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it is called.
    pub name: &'static str,
    /// How messages are published.
    pub publishing: Publishing,
    /// Who acknowledges.
    pub ack: AckMode,
    /// Whether consuming is a transaction.
    pub in_transaction: bool,
    /// What is promised, of loss and of copies.
    pub never_lost: bool,
    /// As above.
    pub never_doubled: bool,
}

const fn row(
    name: &'static str,
    publishing: (Acks, bool, KnownBy),
    (ack, in_transaction): (AckMode, bool),
    [never_lost, never_doubled]: [bool; 2],
) -> Row {
    let (acks, retries, known_by) = publishing;
    let publishing = Publishing { acks, retries, known_by };
    Row { name, publishing, ack, in_transaction, never_lost, never_doubled }
}

/// The combinations that are in use, under their usual names.
pub const ROWS: [Row; 6] = [
    row(
        "fire and forget",
        (Acks::None, false, KnownBy::Nothing),
        (AckMode::OnDelivery, false),
        [false, true],
    ),
    row(
        "at most once",
        (Acks::All, true, KnownBy::Number),
        (AckMode::OnDelivery, false),
        [false, true],
    ),
    row(
        "at least once",
        (Acks::All, true, KnownBy::Nothing),
        (AckMode::Explicit, false),
        [true, false],
    ),
    row(
        "at least once, numbered",
        (Acks::All, true, KnownBy::Number),
        (AckMode::Explicit, false),
        [true, false],
    ),
    row(
        "at least once, with ids",
        (Acks::All, true, KnownBy::Id),
        (AckMode::Explicit, false),
        [true, false],
    ),
    row(
        "exactly once, within the broker",
        (Acks::All, true, KnownBy::Number),
        (AckMode::Explicit, true),
        [true, true],
    ),
];
