use cascadia_runtime::Time;

use super::seat::{Hosted, Seat, Subscriber};
use super::state::{Known, State};
use crate::config::{ConfigError, require};
use crate::messaging::codec;
use crate::messaging::delivery::Source;
use crate::messaging::error::BrokerError;
use crate::messaging::ids::{Group, Partition, Topic};
use crate::messaging::partition::{Now, PartitionCore, ReaderSettings};
use crate::messaging::sharing::{LateAck, Sharing};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

/// The longest name of a topic, in bytes (Kafka).
const LONGEST_NAME: usize = 249;

impl State {
    pub(super) fn declare(
        &mut self,
        now: Now,
        topic: &Topic,
        settings: &TopicSettings,
    ) -> Result<(), BrokerError> {
        settings.check()?;
        check_name(topic)?;
        if let Some(dead) = &settings.dead_letter {
            self.known(dead)?;
        }
        let row = codec::encode_topic(settings);
        self.beside.writes.insert(self.rows.topic(topic), Some(row));
        self.add_topic(now, topic, settings);
        self.on_grown(now, topic);
        Ok(())
    }

    pub(super) fn add_topic(&mut self, now: Now, topic: &Topic, settings: &TopicSettings) {
        let new = || Known { settings: settings.clone(), places: Vec::new() };
        let known = self.topics.entry(topic.clone()).or_insert_with(new);
        known.settings = settings.clone();
        for place in &known.places {
            if let Some(hosted) = self.hosted.get_mut(place) {
                hosted.core.configure(settings.clone());
            }
        }
        for number in known.places.len() as u32..settings.partitions {
            let name = Partition { topic: topic.clone(), number };
            let core = PartitionCore::new(name, settings.clone(), self.term, now);
            let place = self.next_place;
            self.next_place += 1;
            known.places.push(place);
            self.hosted.insert(place, Hosted { core, feeds: Vec::new(), due: Time::MAX });
        }
    }

    pub(super) fn known(&self, topic: &Topic) -> Result<&Known, BrokerError> {
        self.topics.get(topic).ok_or_else(|| BrokerError::NoTopic(topic.clone()))
    }

    /// Lets go of a topic, and says of which partitions the entries are to be deleted.
    pub(super) fn remove(&mut self, topic: &Topic) -> Vec<Partition> {
        let Some(known) = self.topics.remove(topic) else { return Vec::new() };
        self.beside.writes.insert(self.rows.topic(topic), None);
        let mut partitions = Vec::new();
        for place in known.places {
            let Some(hosted) = self.hosted.remove(&place) else { continue };
            self.due.remove(&(hosted.due, place));
            partitions.push(hosted.core.name().clone());
            for id in hosted.feeds {
                let Some(subscriber) = self.subscribers.get_mut(&id) else { continue };
                subscriber.seats.retain(|seat| seat.place != place);
                if subscriber.seats.is_empty() {
                    let gone = BrokerError::NoTopic(topic.clone());
                    subscriber.events.push_back(Err(gone));
                }
                self.wakers.extend(subscriber.waker.take());
            }
        }
        partitions
    }

    /// Forgets what a group has done of a topic.
    pub(super) fn forget_group(&mut self, group: &Group, topic: &Topic) -> Result<(), BrokerError> {
        for place in self.known(topic)?.places.clone() {
            if let Some(core) = self.core(place)
                && let Some(reader) = core.reader(group)
            {
                core.leave(reader);
            }
        }
        Ok(())
    }

    pub(super) fn subscribe(
        &mut self,
        now: Now,
        subscription: Subscription,
    ) -> Result<u64, BrokerError> {
        if let Some(dead) = &subscription.dead_letter {
            self.known(dead)?;
        }
        let mut places = Vec::new();
        for topic in &subscription.topics {
            places.extend(self.known(topic)?.places.iter().copied());
        }
        let id = self.number();
        if let Sharing::Partitions(assignor) = subscription.sharing {
            self.subscribers.insert(id, Subscriber::new(id, subscription, Vec::new()));
            self.join_group(now, id, assignor);
            return Ok(id);
        }
        let mut seats = Vec::new();
        for place in places {
            seats.extend(self.take_seat(now, id, place, &subscription));
        }
        self.subscribers.insert(id, Subscriber::new(id, subscription, seats));
        Ok(id)
    }

    /// A place for a feed at a partition.
    pub(super) fn take_seat(
        &mut self,
        now: Now,
        id: u64,
        place: usize,
        subscription: &Subscription,
    ) -> Option<Seat> {
        self.touch(place);
        let hosted = self.hosted.get_mut(&place)?;
        hosted.feeds.push(id);
        let group = subscription.group.clone();
        let mut settings = ReaderSettings::from(subscription);
        if let Sharing::Partitions(_) = subscription.sharing {
            // Who has lost a partition is not to say anything about it.
            settings.late_ack = LateAck::Fence;
        }
        let reader = hosted.core.read(now, &group, subscription.start, settings);
        let source = Source { partition: hosted.core.name().clone(), group };
        Some(Seat { place, reader, source: source.into() })
    }
}

fn check_name(topic: &Topic) -> Result<(), ConfigError> {
    let name = topic.as_str();
    require(!name.is_empty(), "topic", "must have a name")?;
    require(name.len() <= LONGEST_NAME, "topic", "must have a name of at most 249 bytes")?;
    require(!name.contains('\0'), "topic", "must have no zero in its name")
}
