/// Who of a group gets which messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Each message goes to whoever has room for it: competing consumers (RabbitMQ, SQS, share
    /// groups of Kafka). There is no order among consumers.
    #[default]
    Competing,
    /// Each partition goes to one member, and all of its messages with it: the consumer groups of Kafka.
    Partitions(Assignor),
    /// All goes to one, the one that has been there longest; the others wait until it is gone
    /// (RabbitMQ's single active consumer).
    Exclusive,
    /// Each gets everything: publish and subscribe. The group is the subscriber's own name; what it
    /// has done is kept under that.
    Broadcast,
}

/// How partitions are distributed among members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignor {
    /// Of each topic, neighbouring partitions to each member, who come in the order of their ids: the
    /// same numbers of different topics go to the same member. Everything is taken from all first.
    Range,
    /// All partitions of all topics in turn. Everything is taken from all first.
    RoundRobin,
    /// As even as can be, with as little moved as can be: who keeps a partition goes on with it
    /// during the change.
    #[default]
    CooperativeSticky,
}

/// Who acknowledges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AckMode {
    /// The consumer does, for each message: at least once.
    #[default]
    Explicit,
    /// The delivery itself does: at most once.
    OnDelivery,
}

/// What becomes of what a consumer has that is gone: its feed was dropped, or it is taken for dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abandoned {
    /// It is ready for others at once (RabbitMQ, Kafka).
    #[default]
    Released,
    /// It stays with who is gone until its time is over, as the broker does not ask who is there (JetStream, SQS,
    /// Redis Streams).
    Kept,
}

/// What it counts when somebody acknowledges a message after its time was over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LateAck {
    /// The message is done, if it is not already: the work was (JetStream).
    #[default]
    Accept,
    /// Nothing: whoever has the message now will say (SQS FIFO, Kafka after a rebalance).
    Fence,
}

/// What a message does to those of the same key behind it, as long as it is not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyOrder {
    /// Nothing: they are delivered too, and a message that is retried is overtaken.
    #[default]
    Free,
    /// They wait: of each key one message is on its way. Messages of other keys go on.
    Parked,
}
