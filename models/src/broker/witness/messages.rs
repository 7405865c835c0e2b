use std::collections::BTreeMap;

use cascadia_patterns::line::Line;

use super::open::{Open, Part};
use crate::broker::spot::Spot;

/// The messages of a topic that not all groups are done with.
pub(super) struct Messages {
    topic: u32,
    /// How many groups have a part of each.
    groups: usize,
    /// Those that were published to the topic.
    own: Line<Open>,
    /// Those that are dead letters of others.
    letters: BTreeMap<Spot, Open>,
    /// The parts of messages that are over, to be used again.
    spare: Vec<Box<[Part]>>,
}

/// As many parts as these are worth keeping.
const SPARE: usize = 1_000;

impl Messages {
    pub(super) fn new(topic: u32, groups: usize) -> Self {
        let (own, letters, spare) = (Line::default(), BTreeMap::new(), Vec::new());
        Self { topic, groups, own, letters, spare }
    }

    /// One is there, of which no group has anything.
    pub(super) fn add(&mut self, spot: Spot, open: Open) {
        let spare = self.spare.pop();
        let parts = spare.unwrap_or_else(|| vec![Part::default(); self.groups].into());
        let open = Open { parts, ..open };
        match spot.topic == self.topic {
            true => self.own.insert(spot.number, open),
            false => drop(self.letters.insert(spot, open)),
        }
    }

    pub(super) fn get(&self, spot: Spot) -> Option<&Open> {
        if spot.topic == self.topic { self.own.get(spot.number) } else { self.letters.get(&spot) }
    }

    pub(super) fn get_mut(&mut self, spot: Spot) -> Option<&mut Open> {
        match spot.topic == self.topic {
            true => self.own.get_mut(spot.number),
            false => self.letters.get_mut(&spot),
        }
    }

    /// One is over.
    pub(super) fn remove(&mut self, spot: Spot) {
        let own = spot.topic == self.topic;
        let gone = if own { self.own.remove(spot.number) } else { self.letters.remove(&spot) };
        if let Some(Open { mut parts, .. }) = gone.filter(|_| self.spare.len() < SPARE) {
            parts.fill(Part::default());
            self.spare.push(parts);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Spot, &Open)> {
        let topic = self.topic;
        let own = self.own.iter().map(move |(number, open)| (Spot { topic, number }, open));
        own.chain(self.letters.iter().map(|(spot, open)| (*spot, open)))
    }

    /// Those that all groups are done with are over, whatever their publishers believe.
    pub(super) fn forget_those_that_are_over(&mut self) {
        let over = self.iter().filter(|(_, open)| open.is_over()).map(|(spot, _)| spot);
        let over: Vec<_> = over.collect();
        over.into_iter().for_each(|spot| self.remove(spot));
    }
}
