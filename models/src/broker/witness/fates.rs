use std::collections::BTreeMap;
use std::sync::Weak;

use cascadia_runtime::Time;

use super::group::GroupView;
use super::named::Named;
use super::open::{Closed, Open, Part};
use crate::broker::settings::BrokerPlan;
use crate::broker::spot::Spot;
use crate::component::Invariant;

/// Everything that is known of the messages of a broker.
pub(in crate::broker) struct Witness {
    pub(super) topics: Vec<TopicView>,
}

/// The messages of a topic.
pub(super) struct TopicView {
    next: u64,
    named: Named,
    pub(super) groups: Vec<GroupView>,
    pub(super) open: BTreeMap<Spot, Open>,
}

impl Witness {
    pub(in crate::broker) fn new(plan: &BrokerPlan) -> Self {
        let topic = |groups: usize| TopicView {
            next: 0,
            named: Named::default(),
            groups: (0..groups).map(|_| GroupView::default()).collect(),
            open: BTreeMap::new(),
        };
        Self { topics: plan.topics.iter().map(|plan| topic(plan.groups.len())).collect() }
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
        match view.open.get_mut(&spot) {
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
        if let Some(open) = view.open.get_mut(&spot) {
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
        if spot.topic as usize != topic && !view.open.contains_key(&spot) {
            view.groups.iter_mut().for_each(|group| group.counts.published += 1);
            let letter = Open { promised: true, ..Open::new(body.clone(), None, now) };
            view.add(spot, letter);
        }
        let Some(open) = view.open.get_mut(&spot) else { return };
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
        let Some(open) = view.open.get_mut(&spot) else {
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
    ) {
        let view = &mut self.topics[topic];
        // What was given up has no order any more.
        let open = view.open.get(&spot).filter(|open| !open.parts[group].is_over);
        let key = open.and_then(|open| open.key);
        let of = &mut view.groups[group];
        of.counts.known += u64::from(is_known);
        if of.done.add(spot) {
            if is_known {
                return;
            }
            of.counts.doubled += 1;
            of.first_doubled
                .get_or_insert_with(|| format!("message {} was done again", spot.number));
            return;
        }
        of.counts.done += 1;
        if let Some(key) = key {
            let newest = of.newest.entry(key).or_insert(spot);
            of.counts.disordered += u64::from(*newest > spot);
            *newest = spot.max(*newest);
        }
        view.end(spot, group);
    }

    /// The broker does not deliver it again.
    pub(in crate::broker) fn closed(
        &mut self,
        (topic, group): (usize, usize),
        spot: Spot,
        why: Closed,
    ) {
        if let Some(open) = self.topics[topic].open.get_mut(&spot) {
            open.parts[group].closed.get_or_insert(why);
        }
    }

    /// The group has given it up.
    pub(in crate::broker) fn dead(&mut self, (topic, group): (usize, usize), spot: Spot) {
        let view = &mut self.topics[topic];
        let is_open = view.open.get(&spot).is_some_and(|open| !open.parts[group].is_over);
        if is_open {
            view.groups[group].counts.dead += 1;
            view.end(spot, group);
        }
    }

    /// Looks for messages that will never be done: they are lost, unless nobody believes in them.
    pub(super) fn audit(&mut self, topic: usize) {
        let view = &mut self.topics[topic];
        let mut gone = Vec::new();
        for (spot, open) in &view.open {
            let parts = open.parts.iter().enumerate();
            gone.extend(parts.filter(|(_, part)| open.is_gone(part)).map(|(at, _)| (*spot, at)));
        }
        for (spot, group) in gone {
            let Some(open) = view.open.get(&spot) else { continue };
            if open.promised {
                let why = open.why(group);
                let of = &mut view.groups[group];
                of.counts.lost += 1;
                of.first_lost
                    .get_or_insert_with(|| format!("message {} was lost: {why}", spot.number));
            }
            view.end(spot, group);
        }
        view.open.retain(|_, open| !open.is_over());
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
            self.audit(at);
            for (view, group) in self.topics[at].groups.iter().zip(&topic.groups) {
                let name = format!("{}.{} {}", plan.name, topic.name, group.name);
                laws.extend(view.laws(&name, group.promises));
            }
        }
        laws
    }
}

impl TopicView {
    fn add(&mut self, spot: Spot, open: Open) {
        let part = |group: &GroupView| Part { is_over: group.done.has(spot), ..Part::default() };
        let parts = self.groups.iter().map(part).collect();
        self.open.insert(spot, Open { parts, ..open });
    }

    /// A group is over with a message.
    fn end(&mut self, spot: Spot, group: usize) {
        let Some(open) = self.open.get_mut(&spot) else { return };
        let part = &mut open.parts[group];
        if !part.is_over && open.arrived {
            self.groups[group].lag -= 1;
        }
        part.is_over = true;
        self.close(spot);
    }

    /// Forgets a message that everybody is over with.
    fn close(&mut self, spot: Spot) {
        if self.open.get(&spot).is_some_and(|open| open.promised && open.is_over()) {
            self.open.remove(&spot);
        }
    }
}
