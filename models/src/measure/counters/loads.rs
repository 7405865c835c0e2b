use std::ops::{Index, IndexMut};

use super::Answers;
use crate::exchange::Outcomes;

/// What is counted of a source of load, besides how its requests end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Requests sent.
    Offered,
    /// Tries that went over the network: the first of each request, and every retry and copy at any
    /// depth. What a layer refuses before is not sent.
    Attempts,
    /// Those of the successes that a fallback has a part in.
    Degraded,
    /// Retries that a budget denied. They are counted when they happen, as nobody knows then when
    /// their request was sent.
    Denied,
    /// Requests at any depth without the trace of the one that they were made for.
    Orphans,
    /// Work at any depth that was done once more for a call that must not be repeated.
    Duplicates,
}

/// Whose count it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::measure) enum Whose {
    /// A request that was sent is one of them or not.
    Requests,
    /// A request may have several.
    Each,
    /// It happens to the load, whenever the request behind it was sent.
    Events,
}

/// Everything that is counted: the name of its metric, whose it is, and what it means.
const ROWS: [(Count, &str, Whose, &str); 6] = [
    (
        Count::Offered,
        "offered",
        Whose::Requests,
        "Requests that the load was to send. The load does not wait for answers, so an overloaded \
         system does not slow its callers down and hide its own delay.",
    ),
    (
        Count::Attempts,
        "attempts",
        Whose::Each,
        "Tries sent over the network for each offered request: the first one, and every retry and \
         copy at any depth. What exceeds 1 is load that the policies made themselves; below 1, they \
         refused requests before they were sent.",
    ),
    (
        Count::Degraded,
        "degraded",
        Whose::Requests,
        "Those of ok in whose answer a fallback has a part.",
    ),
    (Count::Denied, "retries_denied", Whose::Events, "Retries that a budget denied, at any depth."),
    (
        Count::Orphans,
        "orphans",
        Whose::Each,
        "Requests at any depth without the trace of the one that they were made for, for each \
         offered request.",
    ),
    (
        Count::Duplicates,
        "duplicates",
        Whose::Each,
        "Work at any depth that services did once more for a call that is not idempotent, for each \
         offered request: an order that was made twice.",
    ),
];

impl Count {
    /// Everything that is counted.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Offered; ROWS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = ROWS[at].0;
            at += 1;
        }
        all
    };

    /// The name of its metric.
    pub const fn name(self) -> &'static str {
        ROWS[self as usize].1
    }

    pub(in crate::measure) const fn whose(self) -> Whose {
        ROWS[self as usize].2
    }

    /// What it means.
    pub const fn help(self) -> &'static str {
        ROWS[self as usize].3
    }
}

/// How often each [`Count`] was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Count::ALL.len()]);

impl Index<Count> for Counts {
    type Output = u64;

    #[inline]
    fn index(&self, count: Count) -> &u64 {
        &self.0[count as usize]
    }
}

impl IndexMut<Count> for Counts {
    #[inline]
    fn index_mut(&mut self, count: Count) -> &mut u64 {
        &mut self.0[count as usize]
    }
}

impl Counts {
    /// Adds those of another run.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// Counters of a source of load, by the time at which things happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadCounters {
    /// What is counted besides.
    pub counts: Counts,
    /// Requests ended, by how.
    pub outcomes: Outcomes,
    /// Those of them that were answered, by what kind of answer.
    pub answers: Answers,
    /// Those that ended in ok after more than twice the median from the warm-up to the first
    /// fault.
    pub slow: u64,
}

/// So many times the median before the first fault is slow.
pub(in crate::measure) const SLOWER: u64 = 2;

impl LoadCounters {
    /// Adds those of another load.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        for (mine, theirs) in self.outcomes.iter_mut().zip(other.outcomes) {
            *mine += theirs;
        }
        self.answers.merge(&other.answers);
        self.slow += other.slow;
    }

    /// What came between `earlier` and this.
    pub fn since(&self, earlier: &Self) -> Self {
        let (mine, theirs) = (&self.counts.0, &earlier.counts.0);
        Self {
            counts: Counts(std::array::from_fn(|at| mine[at] - theirs[at])),
            outcomes: std::array::from_fn(|at| self.outcomes[at] - earlier.outcomes[at]),
            answers: self.answers.since(&earlier.answers),
            slow: self.slow - earlier.slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_stands_in_its_place() {
        for (at, count) in Count::ALL.into_iter().enumerate() {
            assert_eq!(count as usize, at, "{count:?}");
        }
    }
}
