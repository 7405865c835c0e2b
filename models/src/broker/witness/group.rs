use std::collections::BTreeMap;

use crate::broker::settings::Promises;
use crate::broker::spot::Spot;
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
    /// What is to be said about the first that was lost, and the first that was doubled.
    pub(super) first_lost: Option<String>,
    pub(super) first_doubled: Option<String>,
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
    bits: BTreeMap<(u32, u64), u64>,
}

impl Done {
    /// One is done. Whether it was before.
    pub(super) fn add(&mut self, Spot { topic, number }: Spot) -> bool {
        let (word, bit) = (number / 64, 1 << (number % 64));
        let bits = self.bits.entry((topic, word)).or_default();
        let was = *bits & bit != 0;
        *bits |= bit;
        was
    }

    /// Whether one was done.
    pub(super) fn has(&self, Spot { topic, number }: Spot) -> bool {
        let bits = self.bits.get(&(topic, number / 64));
        bits.is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }
}

impl GroupView {
    /// What is to be said of it.
    pub(super) fn remarks(&self, promises: Promises) -> Vec<String> {
        let doubled = self.first_doubled.as_ref().map(|first| match promises.nothing_doubled {
            true => first.clone(),
            false => format!("{first}, which at least once allows"),
        });
        self.first_lost.iter().cloned().chain(doubled).collect()
    }

    /// The laws that it must have kept.
    pub(super) fn laws(&self, name: &str, promises: Promises) -> Vec<Invariant> {
        let Counts { lost, doubled, disordered, .. } = self.counts;
        let said = |first: &Option<String>| {
            first.as_ref().map_or_else(String::new, |first| format!("; the first: {first}"))
        };
        let law = |law: &str, count: u64, what: &str, first: &Option<String>| Invariant {
            name: format!("{law} {name}"),
            passed: count == 0,
            detail: format!("{count} {what}{}", said(first)),
        };
        let laws = [
            (promises.nothing_lost, law("nothing-lost", lost, "messages lost", &self.first_lost)),
            (
                promises.nothing_doubled,
                law("nothing-doubled", doubled, "messages doubled", &self.first_doubled),
            ),
            (promises.in_order, law("in-order", disordered, "messages out of order", &None)),
        ];
        laws.into_iter().filter_map(|(is_promised, law)| is_promised.then_some(law)).collect()
    }
}
