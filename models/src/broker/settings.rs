use std::time::Duration;

use cascadia_patterns::messaging::{Subscription, Topic, TopicSettings, key_hash};

use crate::plan::SessionPlan;

/// A broker: places that keep topics. Each partition is kept by as many of them as its topic says.
#[derive(Clone, Debug)]
pub struct BrokerPlan {
    /// Its name, which is that of its group of places.
    pub name: String,
    /// Its topics, sorted by name, and then the inboxes of those who make requests.
    pub topics: Vec<TopicPlan>,
    /// When what is written is safe from the death of a machine.
    pub flush: Flush,
    /// How long a replica of a partition may be behind before it is not in sync any more.
    pub replica_lag: Duration,
    /// Whether somebody may lead who is not in sync, where nobody is left who is.
    pub unclean_election: bool,
    /// Whether no disk forgets what was synced.
    pub trusts_disks: bool,
}

/// A topic of a broker.
#[derive(Clone, Debug)]
pub struct TopicPlan {
    /// Its name.
    pub name: Topic,
    /// What it is.
    pub settings: TopicSettings,
    /// How many places keep each partition.
    pub replicas: u32,
    /// How many of them must be in sync, so that something is confirmed to who wants it to be with all.
    pub min_insync: u32,
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

impl Default for TopicPlan {
    fn default() -> Self {
        let (name, settings, groups) = ("".into(), TopicSettings::default(), Vec::new());
        Self { name, settings, replicas: 1, min_insync: 1, groups, is_requested: false }
    }
}

impl TopicPlan {
    /// The inbox of a replica for the replies to its requests, by the place of those in
    /// [`Sent::requested`](crate::plan::Sent::requested) of its service. It is kept while the replica is
    /// gone, and has no group but that of its own.
    pub fn inbox(service: &str, replica: u32, place: usize) -> Self {
        let name = inbox(service, replica, place);
        Self { name, settings: TopicSettings::queue(), ..Self::default() }
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

    /// Whether some partition is kept by more than one place.
    pub(super) fn is_replicated(&self) -> bool {
        self.topics.iter().any(|topic| topic.replicas > 1)
    }

    /// Whether what is at all in-sync replicas outlives whatever dies.
    pub(super) fn keeps_confirmed(&self) -> bool {
        self.flush == Flush::Always && !self.unclean_election && self.trusts_disks
    }

    /// The partitions that more than one place keeps.
    pub(super) fn replicated(&self) -> impl Iterator<Item = (usize, u32)> {
        let topics = self.topics.iter().enumerate().filter(|(_, topic)| topic.replicas > 1);
        topics.flat_map(|(at, topic)| (0..topic.settings.partitions).map(move |of| (at, of)))
    }

    /// The places that keep a partition, of so many, the one first that leads at the beginning.
    pub(super) fn replicas(
        &self,
        (topic, partition): (usize, u32),
        places: usize,
    ) -> impl Iterator<Item = usize> + use<> {
        let first = self.keeper(topic, partition, places);
        (0..self.topics[topic].replicas as usize).map(move |at| (first + at) % places)
    }

    /// Which of so many places keeps a partition, or leads it at the beginning: those of a topic follow each other, and each topic
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
