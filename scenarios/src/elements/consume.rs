use cascadia_models::plan::SessionPlan;
use cascadia_patterns::messaging::consumer::{AckWhen, ConsumerConfig, KillSwitchConfig, Order};
use cascadia_patterns::messaging::{
    Abandoned, Assignor, Backoff, KeyOrder, LateAck, Sharing, Start, Subscription,
};

use crate::decode::{Apart, Text, choice, either, object, settings, words};
use crate::steps::Step;
use crate::units::{Duration, Part, Unlimited};

object! {
    /// What a service consumes of a topic, and what it does with a message: as if somebody called it.
    pub(crate) struct Consume {
        /// With whom it shares the messages: each is for one of a group.
        group: Option<Text> => "the name of the service",
        /// Who of the group gets which messages.
        share: GroupShare = Sharing::Competing,
        /// How long a replica may be silent before its partitions are given to others, where partitions are shared.
        session_timeout: Duration = SessionPlan::default().timeout,
        /// How often a replica says that it is there, where partitions are shared.
        heartbeat: Duration = SessionPlan::default().heartbeat,
        /// How long a replica may take for any message that it has, where partitions are shared. One that takes longer is
        /// taken for dead, though it says that it is there, and joins again.
        poll_interval: Duration = std::time::Duration::from_secs(300),
        /// Where the group begins that reads the topic for the first time.
        start: Start = Start::Earliest,
        /// The most messages that each replica has and has not done: a number or "unlimited".
        prefetch: Bound = Some(50),
        /// The most messages that each replica does at a time, besides what its workers allow.
        at_once: Option<u32> => "as many as it prefetches",
        /// When a message is acknowledged.
        ack: Acknowledge = AckWhen::After,
        /// How long a message stays with a replica that says nothing of it: at least 1 ms.
        ack_wait: Duration = std::time::Duration::from_secs(30),
        /// Whether a replica asks for more time for what it has not done.
        extend: bool = true,
        /// What becomes of what a replica has that is gone.
        abandoned: Abandoned = Abandoned::Released,
        /// What it counts when a replica acknowledges a message whose time was over.
        late_ack: Option<LateAck> => "accept, and fence where partitions are shared",
        /// The most deliveries of a message, after which it is dead: a number or "unlimited".
        attempts: Bound = Some(20),
        /// How long a message rests that failed.
        pause: Pause = Backoff::None,
        /// The topic that dead messages go to.
        dead_letter: Option<Text> => "they are dropped, and counted",
        /// What is done one after the other.
        order: Order = Order::Free,
        /// Stops for a while when too many fail.
        kill_switch: Option<KillSwitchConfig> => "never",
        /// Whether the outcome is replied to who asks: messages are requests then. What fails is told, and
        /// not tried again. What is done twice is replied to twice.
        reply: bool = false,
        /// What is done with a message.
        _do as "do": Apart<Vec<Step>>,
    }
}

either! {
    /// The most of something.
    pub(crate) enum Bound: Option<u32> {
        u32 => Some,
        Unlimited => |()| None,
    }
    shown |most| most.map(|most| most.to_string())
}

words! {
    /// Where a group begins that reads a topic for the first time.
    "Start" for Start {
        /// At the oldest message that is kept.
        earliest => Start::Earliest,
        /// With what comes after its first replica is there: what was published before is nothing to it.
        latest => Start::Latest,
    }
}

words! {
    /// What becomes of what a replica has that is gone.
    "Abandoned" for Abandoned {
        /// It is ready for others as soon as that is noticed.
        released => Abandoned::Released,
        /// It stays until its `ack_wait` is over, as the broker does not ask who is there. Not where partitions are shared.
        kept => Abandoned::Kept,
    }
}

words! {
    /// What it counts when somebody acknowledges a message whose time was over.
    "LateAck" for LateAck {
        /// The message is done, if it is not already: the work was.
        accept => LateAck::Accept,
        /// Nothing: who has the message now will say.
        fence => LateAck::Fence,
    }
}

choice! {
    /// Who of a group gets which messages.
    pub(crate) enum GroupShare: Sharing {
        /// Each message goes to whoever has room for it.
        messages => Sharing::Competing,
        /// Each partition goes to one replica, and all of its messages with it. They are assigned anew whenever a
        /// replica comes or goes, and what one has not done then is done by another.
        partitions(Assignor) => Sharing::Partitions,
    }
    shown |share| (*share == Sharing::Competing).then(|| "messages".to_owned())
}

words! {
    /// How partitions are distributed.
    "Assignor" for Assignor {
        /// Evenly, with as little moved as can be: who keeps a partition goes on with it during the change.
        cooperative => Assignor::CooperativeSticky,
        /// Neighbouring ones to each replica. All let go of everything first.
        range => Assignor::Range,
        /// In turn. All let go of everything first.
        round_robin => Assignor::RoundRobin,
    }
}

choice! {
    /// When a message is acknowledged.
    pub(crate) enum Acknowledge: AckWhen {
        /// Before it is done, which is only begun when that is certain: at most once.
        before => AckWhen::Before,
        /// After it was done: at least once.
        after => AckWhen::After,
        /// After it was done, once in such a time for all of it.
        auto(Duration) => AckWhen::Auto,
    }
    shown |ack| (*ack == AckWhen::After).then(|| "after".to_owned())
}

either! {
    /// How long a message rests that failed: always the same, or longer each time.
    pub(crate) enum Pause: Backoff {
        Duration => |pause| if pause.is_zero() { Backoff::None } else { Backoff::Steps(vec![pause]) },
        Doubling => |Doubling { first, most }| Backoff::Doubling { first, most },
    }
    shown |pause| (*pause == Backoff::None).then(|| "0s".to_owned())
}

object! {
    /// Twice as long each time.
    pub(crate) struct Doubling {
        /// How long at first.
        first: Duration,
        /// How long at most.
        most: Duration,
    }
}

words! {
    /// What is done one after the other.
    "Ordered" for Order {
        /// Nothing: a message that failed is overtaken.
        free => Order::Free,
        /// What has one key. A message that failed is tried again by who has it, and those of its key wait: for its
        /// acknowledgement, but where partitions are shared and that comes now and then.
        key => Order::Key,
    }
}

settings! {
    /// When a consumer stops by itself.
    "KillSwitch" for KillSwitchConfig {
        /// It judges by no fewer messages.
        least: u32,
        /// The share of failures at which it stops.
        share: Part,
        /// How long messages count; then it begins to count anew.
        window: Duration,
        /// How long it stands still.
        stop: Duration,
    }
}

impl Consume {
    /// The key that says a field of [`Self::config`].
    pub(crate) fn key(&self, field: &'static str) -> &'static str {
        match (field, self.at_once) {
            ("concurrency", Some(_)) => "at_once",
            ("concurrency", None) => "prefetch",
            _ => field,
        }
    }

    /// How a replica stays a member of its group.
    pub(crate) fn session(&self) -> SessionPlan {
        SessionPlan { timeout: self.session_timeout, heartbeat: self.heartbeat }
    }

    /// What a replica does, as a member of a group.
    pub(crate) fn config(&self, topic: &str, group: &str) -> ConsumerConfig {
        let key_order = match (self.order, self.share, self.ack) {
            (Order::Free, ..) => KeyOrder::Free,
            // Its partition is one replica's, which does the next of the key as soon as one is done.
            (Order::Key, Sharing::Partitions(_), AckWhen::Auto(_)) => KeyOrder::Free,
            (Order::Key, ..) => KeyOrder::Parked,
        };
        let late_ack = self.late_ack.unwrap_or(match self.share {
            // What it has no more, it has no say in: as with an offset that is committed too late.
            Sharing::Partitions(_) => LateAck::Fence,
            _ => LateAck::Accept,
        });
        let prefetch = self.prefetch.unwrap_or(u32::MAX);
        let subscription = Subscription {
            sharing: self.share,
            poll_interval: self.poll_interval,
            late_ack,
            abandoned: self.abandoned,
            start: self.start,
            prefetch,
            ack_wait: self.ack_wait,
            attempts: self.attempts,
            backoff: self.pause.clone(),
            key_order,
            ..Subscription::new(topic, group)
        };
        ConsumerConfig {
            ack: self.ack,
            concurrency: self.at_once.unwrap_or(prefetch),
            order: self.order,
            extend: self.extend,
            kill_switch: self.kill_switch,
            ..ConsumerConfig::new(subscription)
        }
    }
}
