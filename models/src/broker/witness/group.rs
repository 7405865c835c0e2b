use std::collections::BTreeMap;

use cascadia_runtime::Time;

use super::firsts::{Firsts, Noted};
use crate::broker::settings::Promises;
use crate::broker::spot::Spot;
use crate::capture::{Suspect, Suspicion};
use crate::component::Invariant;

/// What a group of consumers has done with the messages of a topic.
#[derive(Default)]
pub(super) struct GroupView {
    pub(super) counts: Counts,
    /// Messages that the topic has had and the group is not over with.
    pub(super) lag: u64,
    /// What was done, to know it again.
    pub(super) done: Done,
    /// The newest that was done of each key.
    pub(super) newest: BTreeMap<u32, Spot>,
    pub(super) firsts: Firsts,
}

/// How often what has happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) published: u64,
    pub(super) delivered: u64,
    pub(super) redelivered: u64,
    pub(super) done: u64,
    pub(super) doubled: u64,
    pub(super) known: u64,
    pub(super) disordered: u64,
    pub(super) dead: u64,
    pub(super) lost: u64,
}

/// Which messages were done: of those of a topic the numbers are dense, so a bit is enough.
#[derive(Default)]
pub(super) struct Done {
    bits: BTreeMap<u32, Vec<u64>>,
}

impl Done {
    /// One is done. Whether it was before.
    pub(super) fn add(&mut self, Spot { topic, number }: Spot) -> bool {
        let (word, bit) = ((number / 64) as usize, 1 << (number % 64));
        let bits = self.bits.entry(topic).or_default();
        bits.resize(bits.len().max(word + 1), 0);
        let was = bits[word] & bit != 0;
        bits[word] |= bit;
        was
    }

    /// Whether one was done.
    pub(super) fn has(&self, Spot { topic, number }: Spot) -> bool {
        let bits = self.bits.get(&topic).and_then(|bits| bits.get((number / 64) as usize));
        bits.is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }
}

impl GroupView {
    /// A message of a key is done for the first time.
    pub(super) fn in_turn(&mut self, key: u32, spot: Spot, (published, at): (Option<Time>, Time)) {
        let newest = self.newest.entry(key).or_insert(spot);
        if *newest > spot {
            self.counts.disordered += 1;
            let (one, later) = (spot.number, newest.number);
            let text = || format!("message {one} was done after message {later} of its key");
            let noted = || Noted { spot, published, at, text: text() };
            self.firsts.disordered.get_or_insert_with(noted);
        }
        *newest = spot.max(*newest);
    }

    /// What is to be said of it.
    pub(super) fn remarks(&self, promises: Promises) -> Vec<String> {
        let doubled = self.firsts.doubled.as_ref().map(|first| match promises.nothing_doubled {
            true => first.text.clone(),
            false => format!("{}, which at least once allows", first.text),
        });
        let lost = self.firsts.lost.as_ref().map(|first| first.text.clone());
        lost.into_iter().chain(doubled).collect()
    }

    /// The message that is worth the closest look.
    pub(super) fn suspect(&self, name: &str, promises: Promises) -> Option<Suspect> {
        self.firsts.worst(name, |suspicion| match suspicion {
            Suspicion::Lost => promises.nothing_lost,
            Suspicion::Doubled => promises.nothing_doubled,
            Suspicion::Disordered => promises.in_order,
            Suspicion::Slowest | Suspicion::Orphan | Suspicion::Stuck => false,
        })
    }

    /// The laws that it must have kept.
    pub(super) fn laws(&self, name: &str, promises: Promises) -> Vec<Invariant> {
        let Counts { lost, doubled, disordered, .. } = self.counts;
        let said = |first: &Option<Noted>| {
            first.as_ref().map_or_else(String::new, |first| format!("; the first: {}", first.text))
        };
        let Firsts {
            lost: first_lost, doubled: first_doubled, disordered: first_disordered, ..
        } = &self.firsts;
        let law = |law: &str, count: u64, what: &str, first: &Option<Noted>| Invariant {
            name: format!("{law} {name}"),
            passed: count == 0,
            detail: format!("{count} {what}{}", said(first)),
        };
        let laws = [
            (promises.nothing_lost, law("nothing-lost", lost, "messages lost", first_lost)),
            (
                promises.nothing_doubled,
                law("nothing-doubled", doubled, "messages doubled", first_doubled),
            ),
            (
                promises.in_order,
                law("in-order", disordered, "messages out of order", first_disordered),
            ),
        ];
        laws.into_iter().filter_map(|(is_promised, law)| is_promised.then_some(law)).collect()
    }
}
