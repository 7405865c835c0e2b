use std::time::Duration;

use cascadia_patterns::messaging::{Subscription, Topic, TopicSettings, key_hash};

use crate::plan::SessionPlan;

/// A broker: places that keep topics. Each partition is kept by one of them.
#[derive(Clone, Debug)]
pub struct BrokerPlan {
    /// Its name, which is that of its group of places.
    pub name: String,
    /// Its topics, sorted by name, and then the inboxes of those who make requests.
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
    /// Whether requests are made to it.
    pub is_requested: bool,
}

/// A group of consumers of a topic.
#[derive(Clone, Debug)]
pub struct GroupPlan {
    /// Its name.
    pub name: String,
    /// What its members subscribe to.
    pub subscription: Subscription,
    /// How its members show that they are there, where they share partitions.
    pub session: SessionPlan,
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

impl TopicPlan {
    /// The inbox of a replica for the replies to its requests, by the place of those in
    /// [`Sent::requested`](crate::plan::Sent::requested) of its service. It is kept while the replica is
    /// gone, and has no group but that of its own.
    pub fn inbox(service: &str, replica: u32, place: usize) -> Self {
        let name = inbox(service, replica, place);
        let settings = TopicSettings::queue();
        Self { name, settings, groups: Vec::new(), is_requested: false }
    }
}

/// The name of an inbox.
pub(crate) fn inbox(service: &str, replica: u32, place: usize) -> Topic {
    format!("replies to {service}/{replica} {place}").into()
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

    /// Which of so many places keeps the members of a group together: it goes by the name of the group, so
    /// that those of a broker are spread.
    pub(super) fn coordinator(&self, (topic, group): (usize, usize), places: usize) -> usize {
        key_hash(self.topics[topic].groups[group].name.as_bytes()) as usize % places
    }
}
