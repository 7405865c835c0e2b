use std::time::Duration;

use super::backoff::Backoff;
use super::capabilities::{Capabilities, Capability};
use super::ids::{Group, MemberId, Topic};
use super::sharing::{Abandoned, AckMode, KeyOrder, LateAck, Sharing};
use super::start::{Reset, Start};
use crate::config::{ConfigError, require};

/// As fine as brokers count: of less, nothing would be left when a message comes to its consumer, and it would be
/// delivered again and again meanwhile.
const LEAST_ACK_WAIT: Duration = Duration::from_millis(1);

/// What somebody wants to be delivered, and how.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `start` | | latest | Kafka `auto.offset.reset` |
/// | `reset` | | earliest | ours: what is lost is less, and told |
/// | `prefetch` | messages | 50 | ours; RabbitMQ has no bound, JetStream 1,000 |
/// | `ack_wait` | time, at least 1 ms | 30 s | JetStream `AckWait`, SQS `VisibilityTimeout` |
/// | `attempts` | deliveries | 20 | RabbitMQ 4, quorum queues `delivery-limit` |
/// | `backoff` | | none | as all of them |
/// | `late_ack` | | accept | JetStream |
/// | `abandoned` | | released | RabbitMQ, Kafka |
/// | `poll_interval` | time | 300 s | Kafka `max.poll.interval.ms` |
///
/// Those who subscribe under one group with different settings of how messages are retried get those of whoever
/// came last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Of what.
    pub topics: Vec<Topic>,
    /// With whom. What a group has done is kept while nobody of it is there.
    pub group: Group,
    /// A name that stays when this one is restarted: a static member.
    pub member: Option<MemberId>,
    /// Who of the group gets what.
    pub sharing: Sharing,
    /// Where a group begins that is new to a partition.
    pub start: Start,
    /// Where it goes on when what it wants is kept no more.
    pub reset: Reset,
    /// The most messages that are delivered and not settled; of this feed. It may be changed
    /// ([`Feed::credit`](super::Feed::credit)).
    pub prefetch: u32,
    /// Who acknowledges.
    pub ack: AckMode,
    /// How long a message stays with a consumer that does not settle it.
    pub ack_wait: Duration,
    /// The most deliveries of a message, after which it is dead. None means no bound.
    pub attempts: Option<u32>,
    /// How long a message rests that was refused, or not settled in time.
    pub backoff: Backoff,
    /// Where dead messages go. Without one they are dropped, and counted.
    pub dead_letter: Option<Topic>,
    /// What an acknowledgement counts that comes too late.
    pub late_ack: LateAck,
    /// What becomes of what a consumer has that is gone.
    pub abandoned: Abandoned,
    /// Whether what has one key waits for one another.
    pub key_order: KeyOrder,
    /// Whether only what is committed is delivered; what is not of a transaction always is.
    pub committed_only: bool,
    /// How long a feed that has messages for its consumer may go unasked before its partitions are given
    /// to others.
    pub poll_interval: Duration,
}

impl Subscription {
    /// To one topic, shared with a group message by message.
    pub fn new(topic: impl Into<Topic>, group: impl Into<Group>) -> Self {
        Self {
            topics: vec![topic.into()],
            group: group.into(),
            member: None,
            sharing: Sharing::default(),
            start: Start::default(),
            reset: Reset::default(),
            prefetch: 50,
            ack: AckMode::default(),
            ack_wait: Duration::from_secs(30),
            attempts: Some(20),
            backoff: Backoff::None,
            dead_letter: None,
            late_ack: LateAck::default(),
            abandoned: Abandoned::default(),
            key_order: KeyOrder::default(),
            committed_only: false,
            poll_interval: Duration::from_secs(300),
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where it is of nothing, or nothing could ever be delivered.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.topics.is_empty(), "topics", "must not be empty")?;
        require(self.ack_wait >= LEAST_ACK_WAIT, "ack_wait", "must be at least 1 ms")?;
        require(self.attempts != Some(0), "attempts", "must be at least 1")?;
        let moves = matches!(self.sharing, Sharing::Partitions(_));
        let is_freed = !moves || self.abandoned == Abandoned::Released;
        require(is_freed, "abandoned", "must be released where partitions go to others")?;
        require(!self.poll_interval.is_zero(), "poll_interval", "must be longer than 0")?;
        let dead = self.dead_letter.as_ref();
        let is_own = dead.is_some_and(|dead| self.topics.contains(dead));
        require(!is_own, "dead_letter", "must not be a topic of the subscription")
    }

    /// What a broker must be able to do for it.
    pub fn needs(&self) -> Capabilities {
        let sharing = match self.sharing {
            Sharing::Competing => Capability::Competing,
            Sharing::Partitions(_) => Capability::Partitions,
            Sharing::Exclusive => Capability::Exclusive,
            Sharing::Broadcast => Capability::Broadcast,
        };
        let start = match self.start {
            Start::Earliest => Some(Capability::Replay),
            Start::Latest => None,
            Start::Last => Some(Capability::LastValue),
            Start::At(_) => Some(Capability::SeekOffset),
            Start::Since(_) => Some(Capability::SeekTime),
        };
        let asked = [
            (self.ack == AckMode::OnDelivery, Capability::OnDelivery),
            (self.attempts.is_some(), Capability::Attempts),
            (self.backoff != Backoff::None, Capability::Delay),
            (self.dead_letter.is_some(), Capability::DeadLetter),
            (self.key_order == KeyOrder::Parked, Capability::KeyOrder),
            (self.committed_only, Capability::Transactions),
            (self.abandoned == Abandoned::Kept, Capability::Abandon),
            (self.member.is_some(), Capability::StaticMembers),
        ];
        let asked = asked.into_iter().filter_map(|(is_asked, what)| is_asked.then_some(what));
        asked.chain([sharing]).chain(start).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_done_in_time_is_refused() {
        let own = Subscription::new("t", "g");
        let of = |ack_wait| Subscription { ack_wait, ..own.clone() }.check().map_err(|it| it.field);
        let short = [0, 1, 999].map(Duration::from_micros);
        assert_eq!(short.map(of), [Err("ack_wait"); 3]);
        assert_eq!(of(Duration::from_millis(1)), Ok(()));
    }
}
