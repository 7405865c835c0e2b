use std::time::Duration;

use cascadia_patterns::call::Kind;

use super::{Metric, Reading, Unit};
use crate::measure::counters::{Count, LoadCounters, Whose};
use crate::measure::{Ended, Tally};

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

/// The metric that goes by a count.
fn counted(count: Count) -> Metric {
    let reading = match count.whose() {
        Whose::Requests => Reading::Requests(count),
        Whose::Each => Reading::Each(count),
        Whose::Events => Reading::Events(count),
    };
    row(count.name(), reading, count.help())
}

pub(super) fn rows() -> Vec<Metric> {
    let goodput = row(
        "goodput",
        Reading::Ended(Ended::Ok),
        "Requests that ended in ok, by the name that goes with a rate.",
    );
    let ended = |ended: Ended| row(ended.name(), Reading::Ended(ended), ended.help());
    let outcomes = Ended::ALL.into_iter().map(ended);
    let mut rows: Vec<_> = Count::ALL.into_iter().map(counted).collect();
    rows.insert(1, goodput);
    rows.extend(outcomes);
    rows.push(row(
        "answers.",
        Reading::Answered(Kind::Error),
        "Requests answered so, by the kind of the first error on the way, or of the success where a \
         step gave it a status.",
    ));
    rows.extend(LATENCIES);
    rows
}

/// What is counted when it happens.
pub(super) fn happened(reading: Reading, happened: &LoadCounters) -> Option<u64> {
    match reading {
        Reading::Requests(count) | Reading::Each(count) | Reading::Events(count) => {
            Some(happened.counts[count])
        }
        Reading::Ended(ended) => Some(happened.outcomes[ended.index()]),
        Reading::Answered(kind) => Some(happened.answers[kind]),
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
        Reading::Answered(kind) => counted(sent.answers[kind]),
        Reading::Each(count) => ratio(sent.counts[count]),
        Reading::Events(count) => Some(happened.counts[count] as f64),
        Reading::Below(_) => ratio(sent.below),
        Reading::Latency(of) => of(sent),
        Reading::Quantile(share, of) => of(sent, share),
        Reading::Service(..)
        | Reading::Replicas(..)
        | Reading::Layer(_)
        | Reading::Row(_)
        | Reading::Level(..) => None,
    }
}
