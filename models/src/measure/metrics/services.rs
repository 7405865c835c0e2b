use super::{Metric, Reading, Unit};
use crate::measure::{ReplicaMeasured, ServiceCounters};

pub(super) const ROWS: &[Metric] = &[
    row(
        "utilisation",
        Unit::Share,
        |counters, _| counters.utilisation(),
        "Busy worker time divided by all worker time while up.",
    ),
    Metric {
        name: "busiest replica utilisation",
        help: "The greatest utilisation of any one replica, which that of all together hides.",
        reading: Reading::Replicas(Unit::Share, busiest),
    },
    row(
        "queue",
        Unit::Number,
        |counters, nanos| (nanos > 0).then(|| counters.waiting as f64 / nanos as f64),
        "Mean number of requests that wait, those in service excluded.",
    ),
    row(
        "wait",
        Unit::Duration,
        |counters, _| counters.mean_wait(),
        "Mean time from arrival to the beginning of service.",
    ),
    row(
        "wasted",
        Unit::Share,
        |counters, _| counters.wasted_share(),
        "Share of busy worker time spent for callers that had gone.",
    ),
    row(
        "refusing",
        Unit::Share,
        |counters, _| counters.refusing_share(),
        "Share of busy worker time spent on refusing, where a service says that it takes any.",
    ),
    row(
        "stale",
        Unit::Share,
        |counters, _| counters.store.stale_share(),
        "Share of the reads of a store that missed a write acknowledged before they began.",
    ),
    row(
        "conflicts",
        Unit::Share,
        |counters, _| counters.store.conflict_share(),
        "Share of the writes of a store that were refused because somebody else had written before.",
    ),
    row(
        "lost",
        Unit::Number,
        |counters, _| Some(counters.store.lost as f64),
        "Rows of a store that have lost an acknowledged write, as another replica came to lead.",
    ),
    row(
        "elections",
        Unit::Number,
        |counters, _| Some(counters.store.elections as f64),
        "Times that a replica of a store was elected to lead.",
    ),
];

const fn row(
    name: &'static str,
    unit: Unit,
    of: fn(&ServiceCounters, u64) -> Option<f64>,
    help: &'static str,
) -> Metric {
    Metric { name, help, reading: Reading::Service(unit, of) }
}

fn busiest(replicas: &[ReplicaMeasured]) -> Option<f64> {
    replicas.iter().filter_map(ReplicaMeasured::utilisation).reduce(f64::max)
}
