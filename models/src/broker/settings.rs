use std::time::Duration;

use cascadia_patterns::messaging::{Subscription, Topic, TopicSettings};

/// A broker: places that keep topics. Each partition is kept by one of them.
#[derive(Clone, Debug)]
pub struct BrokerPlan {
    /// Its name, which is that of its group of places.
    pub name: String,
    /// Its topics, sorted by name.
    pub topics: Vec<TopicPlan>,
    /// When what is written is safe from the death of a machine.
    pub flush: Flush,
}

/// A topic of a broker.
#[derive(Clone, Debug)]
pub struct TopicPlan {
    /// Its name.
    pub name: Topic,
    /// What it is.
    pub settings: TopicSettings,
    /// The groups of consumers that read it, sorted by name.
    pub groups: Vec<GroupPlan>,
}

/// A group of consumers of a topic.
#[derive(Clone, Debug)]
pub struct GroupPlan {
    /// Its name.
    pub name: String,
    /// What its members subscribe to.
    pub subscription: Subscription,
    /// What follows from the settings of all who publish and consume.
    pub promises: Promises,
}

/// What must be so in every run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promises {
    /// No message is lost whose publisher was told that it is there.
    pub nothing_lost: bool,
    /// No message is worked on to its end twice.
    pub nothing_doubled: bool,
    /// What has one key is worked on in its order.
    pub in_order: bool,
}

/// When a broker syncs its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Before it answers; what comes meanwhile is synced together.
    Always,
    /// So often. It answers before.
    Every(Duration),
}

impl BrokerPlan {
    /// The position of a topic.
    pub fn topic(&self, name: &Topic) -> Option<usize> {
        self.topics.iter().position(|topic| topic.name == *name)
    }

    /// Which of so many places keeps a partition: those of a topic follow each other, and each topic
    /// begins at another place.
    pub(super) fn keeper(&self, topic: usize, partition: u32, places: usize) -> usize {
        (topic + partition as usize) % places
    }
}
