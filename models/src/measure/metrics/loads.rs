use std::ops::{Index, IndexMut};
use std::time::Duration;

use super::{Metric, Reading, Unit};
use crate::exchange::Outcomes;
use crate::measure::{Ended, Tally};

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
}

/// The metrics that go by counts.
const COUNTS: &[Metric] = &[
    row(
        "offered",
        Reading::Requests(Count::Offered),
        "Requests that the load was to send. The load does not wait for answers, so an overloaded \
         system does not slow its callers down and hide its own delay.",
    ),
    row(
        "goodput",
        Reading::Ended(Ended::Ok),
        "Requests that ended in ok, by the name that goes with a rate.",
    ),
    row(
        "attempts",
        Reading::Each(Count::Attempts),
        "Tries sent over the network for each offered request: the first one, and every retry and \
         copy at any depth. What exceeds 1 is load that the policies made themselves; below 1, they \
         refused requests before they were sent.",
    ),
    row(
        "degraded",
        Reading::Requests(Count::Degraded),
        "Those of ok in whose answer a fallback has a part.",
    ),
    row(
        "retries_denied",
        Reading::Events(Count::Denied),
        "Retries that a budget denied, at any depth.",
    ),
    row(
        "orphans",
        Reading::Each(Count::Orphans),
        "Requests at any depth without the trace of the one that they were made for, for each \
         offered request.",
    ),
];

/// The metrics that go by how long requests took.
const LATENCIES: &[Metric] = &[
    row(
        "latency below",
        Reading::Below(Duration::ZERO),
        "Requests that ended in ok sooner, of all that were offered.",
    ),
    row(
        "mean",
        Reading::Latency(|tally| tally.ok.mean()),
        "Mean latency of the requests that ended in ok: from the moment at which a request was to be \
         sent to its answer, so waiting to be sent counts.",
    ),
    row(
        "p",
        Reading::Quantile(0.0, |tally, share| tally.ok.supported_quantile(share)),
        "Percentiles of the latency of the requests that ended in ok: of p99, 99 of 100 are no \
         slower. One is told only where at least ten samples lie beyond it.",
    ),
    row(
        "max",
        Reading::Latency(|tally| tally.ok.max().map(|nanos| nanos as f64)),
        "Longest latency of a request that ended in ok.",
    ),
    row(
        "all_mean",
        Reading::Latency(|tally| tally.all().mean()),
        "Mean latency of all requests, however they ended: until the user was told, or gave up. What \
         is unfinished counts with its age at the end of the run, so no latency of all is greater \
         than the truth.",
    ),
    row(
        "all_p",
        Reading::Quantile(0.0, |tally, share| tally.all().supported_quantile(share)),
        "Percentiles of the latency of all requests. Those that fail fast make them smaller and \
         those that time out greater than the percentiles of ok alone, which say nothing of whom \
         they leave out.",
    ),
    row(
        "all_max",
        Reading::Latency(|tally| tally.all().max().map(|nanos| nanos as f64)),
        "Longest latency of all requests.",
    ),
];

const fn row(name: &'static str, reading: Reading, help: &'static str) -> Metric {
    Metric { name, help, reading }
}

pub(super) fn rows() -> Vec<Metric> {
    let ended = |ended: Ended| row(ended.name(), Reading::Ended(ended), ended.help());
    let outcomes = Ended::ALL.into_iter().map(ended);
    COUNTS.iter().copied().chain(outcomes).chain(LATENCIES.iter().copied()).collect()
}

/// What is counted when it happens.
pub(super) fn happened(reading: Reading, happened: &LoadCounters) -> Option<u64> {
    match reading {
        Reading::Requests(count) | Reading::Each(count) | Reading::Events(count) => {
            Some(happened.counts[count])
        }
        Reading::Ended(ended) => Some(happened.outcomes[ended.index()]),
        _ => None,
    }
}

/// What the requests have come to that were sent, as a share of them or as a number.
pub(super) fn read(
    reading: Reading,
    unit: Unit,
    sent: &Tally,
    happened: &LoadCounters,
) -> Option<f64> {
    let offered = sent.counts[Count::Offered];
    let ratio = |count: u64| (offered > 0).then(|| count as f64 / offered as f64);
    let counted = |count: u64| if unit == Unit::Share { ratio(count) } else { Some(count as f64) };
    match reading {
        Reading::Requests(count) => counted(sent.counts[count]),
        Reading::Ended(ended) => counted(sent.outcomes[ended.index()]),
        Reading::Each(count) => ratio(sent.counts[count]),
        Reading::Events(count) => Some(happened.counts[count] as f64),
        Reading::Below(_) => ratio(sent.below),
        Reading::Latency(of) => of(sent),
        Reading::Quantile(share, of) => of(sent, share),
        Reading::Service(..) | Reading::Layer(_) => None,
    }
}

impl Count {
    /// Everything that is counted.
    pub const ALL: [Self; 5] =
        [Self::Offered, Self::Attempts, Self::Degraded, Self::Denied, Self::Orphans];

    /// The name of its metric.
    pub fn name(self) -> &'static str {
        let is_mine = |metric: &&Metric| match metric.reading {
            Reading::Requests(count) | Reading::Each(count) | Reading::Events(count) => {
                count == self
            }
            _ => false,
        };
        COUNTS.iter().find(is_mine).expect("every count has a metric").name
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
}

impl LoadCounters {
    /// What came between `earlier` and this.
    pub fn since(&self, earlier: &Self) -> Self {
        let (mine, theirs) = (&self.counts.0, &earlier.counts.0);
        Self {
            counts: Counts(std::array::from_fn(|at| mine[at] - theirs[at])),
            outcomes: std::array::from_fn(|at| self.outcomes[at] - earlier.outcomes[at]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_stands_in_its_place_and_has_a_metric() {
        for (at, count) in Count::ALL.into_iter().enumerate() {
            assert_eq!(count as usize, at, "{count:?}");
            assert!(!count.name().is_empty());
        }
    }
}
