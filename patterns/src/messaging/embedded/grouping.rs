use std::collections::{BTreeMap, BTreeSet};

use super::grouped::Grouped;
use super::state::State;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::Fed;
use crate::messaging::group::{GroupEvent, Joining, Who};
use crate::messaging::ids::{Generation, Group, MemberId, Partition, Topic};
use crate::messaging::partition::Now;
use crate::messaging::sharing::{Assignor, Sharing};

impl State {
    /// A feed joins its group, which assigns it partitions.
    pub(super) fn join_group(&mut self, now: Now, id: u64, assignor: Assignor) {
        let Some(subscriber) = self.subscribers.get_mut(&id) else { return };
        let subscription = &subscriber.subscription;
        let made_up = || MemberId::from(format!("feed {id}"));
        let member = subscription.member.clone().unwrap_or_else(made_up);
        let instance = if subscription.member.is_some() { id } else { 0 };
        let (group, wait) = (subscription.group.clone(), subscription.poll_interval);
        subscriber.member = Some(Who { id: member.clone(), instance });
        // Of another life of the broker, no generation is the same.
        let first = Generation(self.term << 32);
        let new = || Grouped::new(assignor, wait, first);
        let grouped = self.groups.entry(group.clone()).or_insert_with(new);
        let replaced = grouped.feeds.insert(member, id);
        if let Some(replaced) = replaced.and_then(|it| self.subscribers.get_mut(&it)) {
            replaced.events.push_back(Err(BrokerError::Fenced));
            self.wakers.extend(replaced.waker.take());
        }
        if let Some(replaced) = replaced {
            self.vacate(now, replaced, |_| true);
        }
        self.count_partitions(now, &group);
        self.ask_to_join(now, &group, id, BTreeSet::new());
        self.follow_group(now, &group);
    }

    /// Tells a group how many partitions there are of what its members want.
    fn count_partitions(&mut self, now: Now, group: &Group) {
        let Some(grouped) = self.groups.get_mut(group) else { return };
        let members = grouped.feeds.values().filter_map(|id| self.subscribers.get(id));
        let topics = members.flat_map(|member| &member.subscription.topics);
        let count = |topic: &Topic| {
            let places = self.topics.get(topic).map_or(0, |known| known.places.len());
            (topic.clone(), places as u32)
        };
        let partitions: BTreeMap<_, _> = topics.map(count).collect();
        grouped.core.set_partitions(now.time, partitions);
    }

    fn ask_to_join(&mut self, now: Now, group: &Group, id: u64, owned: BTreeSet<Partition>) {
        let Some(subscriber) = self.subscribers.get(&id) else { return };
        let Some(who) = subscriber.member.clone() else { return };
        let topics = subscriber.subscription.topics.iter().cloned().collect();
        if let Some(grouped) = self.groups.get_mut(group) {
            let joined = grouped.core.join(now.time, Joining { who, topics, owned });
            debug_assert_eq!(joined, Ok(()), "the newest feed of a member joins");
        }
    }

    /// Does what a group says, until it has nothing to say.
    fn follow_group(&mut self, now: Now, group: &Group) {
        while let Some((event, feed)) = self.groups.get_mut(group).and_then(Grouped::poll) {
            let Some(id) = feed else { continue };
            match event {
                GroupEvent::Rejoin { keeps, .. } => {
                    if !keeps {
                        self.vacate(now, id, |_| true);
                    }
                    let owned = self.owned(id);
                    self.ask_to_join(now, group, id, owned);
                }
                GroupEvent::Assigned { generation, partitions, revoked, .. } => {
                    self.vacate(now, id, |own| !partitions.contains(own));
                    self.seat(now, id, generation, &partitions);
                    if !revoked.is_empty() {
                        let owned = self.owned(id);
                        self.ask_to_join(now, group, id, owned);
                    }
                }
                GroupEvent::Removed { replaced: true, .. } => {}
                GroupEvent::Removed { member, .. } => {
                    self.vacate(now, id, |_| true);
                    if let Some(grouped) = self.groups.get_mut(group) {
                        grouped.feeds.remove(&member);
                    }
                    if let Some(subscriber) = self.subscribers.get_mut(&id) {
                        subscriber.events.push_back(Err(BrokerError::Fenced));
                        self.wakers.extend(subscriber.waker.take());
                    }
                }
            }
        }
    }

    fn owned(&self, id: u64) -> BTreeSet<Partition> {
        let seats = self.subscribers.get(&id).map(|subscriber| subscriber.seats.as_slice());
        let seats = seats.unwrap_or_default().iter();
        seats.map(|seat| seat.source.partition.clone()).collect()
    }

    /// Gives a feed its partitions.
    fn seat(
        &mut self,
        now: Now,
        id: u64,
        generation: Generation,
        partitions: &BTreeSet<Partition>,
    ) {
        let owned = self.owned(id);
        let new: Vec<_> = partitions.difference(&owned).cloned().collect();
        let Some(subscriber) = self.subscribers.get(&id) else { return };
        let subscription = subscriber.subscription.clone();
        for partition in &new {
            let Ok(place) = self.place(partition) else { continue };
            let seat = self.take_seat(now, id, place, &subscription);
            if let Some(subscriber) = self.subscribers.get_mut(&id) {
                subscriber.seats.extend(seat);
            }
        }
        if let Some(subscriber) = self.subscribers.get_mut(&id) {
            subscriber.events.push_back(Ok(Fed::Assigned(generation, new)));
            self.wakers.extend(subscriber.waker.take());
        }
    }

    /// Takes partitions from a feed: what it had of them is for others.
    fn vacate(&mut self, now: Now, id: u64, which: impl Fn(&Partition) -> bool) {
        let Some(subscriber) = self.subscribers.get_mut(&id) else { return };
        let consumer = subscriber.consumer;
        let taken = subscriber.seats.extract_if(.., |seat| which(&seat.source.partition));
        let taken: Vec<_> = taken.collect();
        if taken.is_empty() {
            return;
        }
        let revoked = taken.iter().map(|seat| seat.source.partition.clone()).collect();
        subscriber.events.push_back(Ok(Fed::Revoked(revoked)));
        self.wakers.extend(subscriber.waker.take());
        for seat in taken {
            if let Some(core) = self.core(seat.place) {
                core.detach(now, seat.reader, consumer);
            }
            if let Some(hosted) = self.hosted.get_mut(&seat.place) {
                hosted.feeds.retain(|other| *other != id);
            }
        }
    }

    /// A feed that was dropped leaves its group, unless it is a static member, which may be back.
    pub(super) fn leave_group(&mut self, now: Now, group: &Group, who: &Who, id: u64) {
        let Some(grouped) = self.groups.get_mut(group) else { return };
        if grouped.feeds.get(&who.id) == Some(&id) && who.instance == 0 {
            grouped.feeds.remove(&who.id);
            grouped.core.leave(now.time, who);
            self.follow_group(now, group);
        }
    }

    /// A feed was asked: its consumer lives.
    pub(super) fn beat(&mut self, now: Now, id: u64) {
        let Some(subscriber) = self.subscribers.get(&id) else { return };
        if let Some(who) = &subscriber.member
            && let Some(grouped) = self.groups.get_mut(&subscriber.subscription.group)
        {
            grouped.beat(now, who);
        }
    }

    pub(super) fn tick_groups(&mut self, now: Now) {
        let due = self.groups.iter().filter(|(_, it)| it.core.next_deadline() <= now.time);
        let due: Vec<_> = due.map(|(group, _)| group.clone()).collect();
        for group in due {
            let feeds = self.groups.get(&group).map(|grouped| grouped.feeds.clone());
            for id in feeds.unwrap_or_default().into_values() {
                // Whoever waits for a message need not ask again.
                if self.subscribers.get(&id).is_some_and(|feed| feed.waker.is_some()) {
                    self.beat(now, id);
                }
            }
            if let Some(grouped) = self.groups.get_mut(&group) {
                grouped.core.on_tick(now.time);
            }
            self.follow_group(now, &group);
        }
    }

    /// A topic has more partitions: whoever reads it gets them, too.
    pub(super) fn on_grown(&mut self, now: Now, topic: &Topic) {
        let wants =
            self.subscribers.iter().filter(|(_, it)| it.subscription.topics.contains(topic));
        let wants: Vec<_> = wants.map(|(id, it)| (*id, it.subscription.clone())).collect();
        let places = self.topics.get(topic).map(|known| known.places.clone());
        for (id, subscription) in wants {
            if let Sharing::Partitions(_) = subscription.sharing {
                self.count_partitions(now, &subscription.group);
                self.follow_group(now, &subscription.group);
                continue;
            }
            let has = self.owned(id);
            for place in places.iter().flatten() {
                let is_new = self.partition(*place).is_some_and(|(name, _)| !has.contains(&name));
                let seat = is_new.then(|| self.take_seat(now, id, *place, &subscription)).flatten();
                if let Some(subscriber) = self.subscribers.get_mut(&id) {
                    subscriber.seats.extend(seat);
                }
            }
        }
    }
}
