use super::{Metric, Reading};
use crate::measure::LayerCounters;

pub(super) const ROWS: &[Metric] = &[
    row(
        "rejected",
        |counters| counters.rejected,
        "Calls that the layer refused. A call that is tried again may be refused again.",
    ),
    row("timed_out", |counters| counters.timed_out, "Calls that it stopped waiting for."),
    row("retried", |counters| counters.retried, "Retries that it decided on."),
    row(
        "denied",
        |counters| counters.denied,
        "Retries that it would have made but was not allowed to.",
    ),
];

const fn row(name: &'static str, of: fn(&LayerCounters) -> u64, help: &'static str) -> Metric {
    Metric { name, help, reading: Reading::Layer(of) }
}
