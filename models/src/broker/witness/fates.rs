use std::sync::Weak;

use cascadia_runtime::Time;

use super::firsts::Noted;
use super::open::{Closed, Open};
use super::topic::TopicView;
use super::watched::Watched;
use crate::broker::settings::BrokerPlan;
use crate::broker::spot::Spot;
use crate::capture::{Mark, Suspect};
use crate::component::Invariant;
use crate::ids::PlaceId;

/// Everything that is known of the messages of a broker.
pub(in crate::broker) struct Witness {
    pub(super) topics: Vec<TopicView>,
    /// A message that somebody wants to know more of.
    watched: Option<Watched>,
}

impl Witness {
    pub(in crate::broker) fn new(plan: &BrokerPlan) -> Self {
        let topics = plan.topics.iter().map(|plan| plan.groups.len()).enumerate();
        let topics = topics.map(|(number, groups)| TopicView::new(number as u32, groups)).collect();
        Self { topics, watched: None }
    }

    /// The next message of a topic.
    pub(in crate::broker) fn next(&mut self, topic: usize) -> Spot {
        let view = &mut self.topics[topic];
        view.next += 1;
        Spot { topic: topic as u32, number: view.next - 1 }
    }

    /// The message of a topic that is published for a request, as whose it may have been published before.
    pub(in crate::broker) fn known_or_next(&mut self, topic: usize, request: u64) -> Spot {
        if let Some(number) = self.topics[topic].named.number(request) {
            return Spot { topic: topic as u32, number };
        }
        let spot = self.next(topic);
        self.topics[topic].named.add(request, spot.number);
        spot
    }

    /// Somebody begins to publish a message, perhaps once more.
    pub(in crate::broker) fn begun(
        &mut self,
        spot: Spot,
        body: Weak<[u8]>,
        key: Option<u32>,
        now: Time,
    ) {
        let view = &mut self.topics[spot.topic as usize];
        match view.open.get_mut(spot) {
            Some(open) => open.copied(body),
            // Everybody is over with it.
            None if view.named.is_promised(spot.number) => {}
            None => view.add(spot, Open::new(body, key, now)),
        }
    }

    /// Its publisher goes on in the belief that it is there, or not.
    pub(in crate::broker) fn published(&mut self, spot: Spot, is_believed: bool) {
        let view = &mut self.topics[spot.topic as usize];
        if !is_believed || view.named.promise(spot.number) {
            return;
        }
        view.groups.iter_mut().for_each(|group| group.counts.published += 1);
        if let Some(open) = view.open.get_mut(spot) {
            open.promised = true;
        }
        view.close(spot);
    }

    /// A broker has a message, in a topic that may be one of dead letters.
    pub(in crate::broker) fn arrived(
        &mut self,
        topic: usize,
        spot: Spot,
        body: Weak<[u8]>,
        now: Time,
    ) {
        let view = &mut self.topics[topic];
        if spot.topic as usize != topic && view.open.get(spot).is_none() {
            view.groups.iter_mut().for_each(|group| group.counts.published += 1);
            let letter = Open { promised: true, ..Open::new(body.clone(), None, now) };
            view.add(spot, letter);
        }
        let Some(open) = view.open.get_mut(spot) else { return };
        open.copied(body);
        if std::mem::replace(&mut open.arrived, true) {
            return;
        }
        for (group, part) in view.groups.iter_mut().zip(&open.parts) {
            group.lag += u64::from(!part.is_over);
        }
    }

    /// A message is given to a consumer.
    pub(in crate::broker) fn delivered(
        &mut self,
        (topic, group): (usize, usize),
        spot: Spot,
        hand: Weak<[u8]>,
        to: u32,
    ) {
        let view = &mut self.topics[topic];
        let counts = &mut view.groups[group].counts;
        counts.delivered += 1;
        let Some(open) = view.open.get_mut(spot) else {
            counts.redelivered += 1;
            return;
        };
        let part = &mut open.parts[group];
        counts.redelivered += u64::from(part.to.is_some());
        (part.hand, part.to) = (Some(hand), Some(to));
    }

    /// A consumer has worked on it to its end. `is_known` where an inbox has seen to it that nothing was done
    /// again.
    pub(in crate::broker) fn done(
        &mut self,
        (topic, group): (usize, usize),
        spot: Spot,
        is_known: bool,
        (place, now): (PlaceId, Time),
    ) {
        if let Some(watched) = &mut self.watched {
            watched.happens(spot, place, now, "done");
        }
        let view = &mut self.topics[topic];
        // What was given up has no order any more.
        let open = view.open.get(spot).filter(|open| !open.parts[group].is_over);
        let (key, published) = (open.and_then(|open| open.key), open.map(|open| open.at));
        let of = &mut view.groups[group];
        of.counts.known += u64::from(is_known);
        if of.done.add(spot) {
            if is_known {
                return;
            }
            of.counts.doubled += 1;
            let text = || format!("message {} was done again", spot.number);
            let noted = || Noted { spot, published, at: now, text: text() };
            of.firsts.doubled.get_or_insert_with(noted);
            return;
        }
        of.counts.done += 1;
        if let Some(published) = published {
            of.firsts.took(spot, published, now);
        }
        if let Some(key) = key {
            of.in_turn(key, spot, (published, now));
        }
        view.end(spot, group);
    }

    /// Whether a group has done a message.
    pub(in crate::broker) fn has_done(&self, (topic, group): (usize, usize), spot: Spot) -> bool {
        self.topics[topic].groups[group].done.has(spot)
    }

    /// The broker does not deliver it again.
    pub(in crate::broker) fn closed(
        &mut self,
        (topic, group): (usize, usize),
        spot: Spot,
        why: Closed,
    ) {
        if let Some(open) = self.topics[topic].open.get_mut(spot) {
            open.parts[group].closed.get_or_insert(why);
        }
    }

    /// The group has given it up.
    pub(in crate::broker) fn dead(&mut self, (topic, group): (usize, usize), spot: Spot) {
        let view = &mut self.topics[topic];
        let is_open = view.open.get(spot).is_some_and(|open| !open.parts[group].is_over);
        if is_open {
            view.groups[group].counts.dead += 1;
            view.end(spot, group);
        }
    }

    /// The message that is worth the closest look.
    pub(in crate::broker) fn suspect(&self, plan: &BrokerPlan) -> Option<Suspect> {
        let topics = self.topics.iter().zip(&plan.topics);
        let groups = topics.flat_map(|(view, topic)| {
            view.groups.iter().zip(&topic.groups).map(move |(view, group)| (view, topic, group))
        });
        let suspects = groups.filter_map(|(view, topic, group)| {
            let name = format!("{}.{} {}", plan.name, topic.name, group.name);
            view.suspect(&name, group.promises)
        });
        suspects.reduce(Suspect::worse)
    }

    /// Notes from now on what happens to a message.
    pub(in crate::broker) fn watch(&mut self, spot: Spot) {
        self.watched = Some(Watched::new(spot));
    }

    /// What has happened to the message that is watched.
    pub(in crate::broker) fn marks(&self) -> Vec<Mark> {
        self.watched.iter().flat_map(|watched| watched.marks()).collect()
    }

    /// What is to be said of a group.
    pub(in crate::broker) fn remarks(
        &self,
        plan: &BrokerPlan,
        (topic, group): (usize, usize),
    ) -> Vec<String> {
        let promises = plan.topics[topic].groups[group].promises;
        self.topics[topic].groups[group].remarks(promises)
    }

    /// The laws of all groups, by the names of these.
    pub(in crate::broker) fn laws(&mut self, plan: &BrokerPlan) -> Vec<Invariant> {
        let mut laws = Vec::new();
        for (at, topic) in plan.topics.iter().enumerate() {
            // All that was noticed before was noticed at the end of some window.
            self.topics[at].audit(Time::MAX);
            for (view, group) in self.topics[at].groups.iter().zip(&topic.groups) {
                let name = format!("{}.{} {}", plan.name, topic.name, group.name);
                laws.extend(view.laws(&name, group.promises));
            }
        }
        laws
    }
}
