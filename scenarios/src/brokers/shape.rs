use std::collections::BTreeMap;

use cascadia_models::broker::Flush;
use cascadia_models::plan::DiskPlan;
use cascadia_patterns::messaging::{Keep, Overflow};

use super::topic::Topic;
use crate::like::Like;

use crate::decode::{Apart, choice, either, object, settings, words};
use crate::labels::LabelValues;
use crate::units::{Duration, Unlimited};

/// Kafka `replica.lag.time.max.ms`.
pub(super) const REPLICA_LAG: std::time::Duration = std::time::Duration::from_secs(30);

object! {
    /// A broker: places that keep topics on their disks. Steps publish to them, and services consume
    /// them. It is the broker that runs in production, with the clients that do.
    pub(crate) struct Broker {
        /// Whose defaults it has, and with it its topics, those who publish to them and those who consume them: what the
        /// file says of any of them goes before. See [Brokers](brokers.md).
        _like as "like": Option<Like> => "nobody's: those that stand here",
        /// How many places it has. Partitions are spread over them.
        places: u32 = 1,
        /// The disk of each.
        disk: Option<DiskPlan> => "that of a server",
        /// When a place syncs its disk. What it has not synced is lost when its machine dies.
        flush: Flushing = Flush::Always,
        /// How long a replica of a partition may be behind who leads it before it is not in sync any more.
        replica_lag: Duration = REPLICA_LAG,
        /// Whether a replica may lead that is not in sync, where none is left that is. What it has not is lost.
        unclean_election: bool = false,
        /// Labels for selectors; place i gets element i of a list, over and over.
        labels: BTreeMap<String, LabelValues> => "none",
        /// What messages are published to.
        _topics as "topics": Apart<BTreeMap<String, Topic>>,
    }
}

choice! {
    /// When a broker syncs its disk.
    pub(crate) enum Flushing: Flush {
        /// Before it answers. What comes meanwhile is synced together.
        always => Flush::Always,
        /// So often; it answers before.
        every(Duration) => Flush::Every,
    }
    shown |flush| (*flush == Flush::Always).then(|| "always".to_owned())
}

settings! {
    /// A topic of a broker.
    "Topic" for Topic {
        /// How many partitions it has. Each has an order of its own.
        partitions: u32,
        /// How many places keep each partition. One leads it, and others may when that is gone.
        replicas: u32,
        /// How many replicas must be in sync. While fewer are, what is published with "acks": "all" is refused, and
        /// nothing is confirmed or delivered that came since.
        min_insync: u32,
        /// What is kept.
        keep: Keep,
        /// How long a message is kept at most: a duration or "unlimited".
        retain_for: HowLong,
        /// How many bytes of messages a partition keeps at most; the oldest go first.
        retain_bytes: Option<u64> => "any number",
        /// How long a message lives. Then it is dead.
        time_to_live: Option<Duration> => "as long as it is kept",
        /// How long a message is known again by its id.
        dedupe: Duration,
        /// The most messages of a partition that are not done by all who consume them.
        bound: Option<u64> => "any number",
        /// What happens to a message that is one too many.
        overflow: Overflow,
    }
}

either! {
    /// How long something is kept.
    pub(crate) enum HowLong: Option<std::time::Duration> {
        Duration => Some,
        Unlimited => |()| None,
    }
    shown |most| most.and_then(|most| Duration::show(&most))
}

words! {
    /// Which messages are kept.
    "Keep" for Keep {
        /// All, until they are too old or too many.
        log => Keep::Log,
        /// Those that a group has still to do: a queue.
        unsettled => Keep::Unsettled,
        /// The last one of each key.
        last_of_key => Keep::LastOfKey,
    }
}

words! {
    /// What happens to a message that is one too many.
    "Overflow" for Overflow {
        /// It is refused, and its publisher told.
        reject => Overflow::Reject,
        /// The oldest one goes that no consumer has. It goes for all groups: where one is dead, the others lose what
        /// they have not been given yet.
        drop_head => Overflow::DropHead,
        /// It goes.
        drop_new => Overflow::DropNew,
    }
}
