use cascadia_models::plan::Depth;

use super::value::Unit;
use crate::units::Duration;

/// What is measured, and of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    /// Of a load: requests sent.
    Offered,
    /// Of a load: tries.
    Attempts,
    /// Of a load: successes that a fallback has a part in.
    Degraded,
    /// Of a load: requests at any depth without the trace of the one that they are made for.
    Orphans,
    /// Of a load: requests that ended so, by the position of the outcome.
    Outcome(usize),
    /// Of a load: successes faster than this, in nanoseconds.
    Below(u64),
    /// Of a load: mean latency of successes.
    Mean,
    /// Of a load: a percentile, as digits after the point and how many there are.
    Quantile(u32, u32),
    /// Of a load: longest latency of a success.
    Max,
    /// Of a service: busy share of the workers.
    Utilisation,
    /// Of a service: mean waiting requests.
    Queue,
    /// Of a service: mean wait.
    Wait,
    /// Of a service: share of work for callers that had gone.
    Wasted,
    Refusing,
    /// Of a layer of a policy: calls that it refused.
    LayerRejected,
    /// Of a layer of a policy: calls that it stopped waiting for.
    LayerTimedOut,
    /// Of a layer of a policy: retries that it decided on.
    LayerRetried,
    /// Of a layer of a policy: retries that it was not allowed.
    LayerDenied,
}

const OUTCOMES: [&str; 6] = ["ok", "failed", "timeout", "rejected", "short_circuit", "unfinished"];

/// Metrics of services.
pub(super) const OF_SERVICES: [&str; 5] = ["utilisation", "queue", "wait", "wasted", "refusing"];

/// Metrics of layers of policies.
pub(super) const OF_LAYERS: [&str; 4] = ["rejected", "timed_out", "retried", "denied"];

/// Metrics of loads, for suggestions.
pub(super) const OF_LOADS: [&str; 17] = [
    "offered",
    "goodput",
    "attempts",
    "degraded",
    "orphans",
    "ok",
    "failed",
    "timeout",
    "rejected",
    "short_circuit",
    "unfinished",
    "mean",
    "p50",
    "p95",
    "p99",
    "p999",
    "max",
];

impl Metric {
    /// A metric of a load that is one word.
    pub(super) fn of_load(word: &str) -> Option<Self> {
        if let Some(position) = OUTCOMES.iter().position(|name| *name == word) {
            return Some(Self::Outcome(position));
        }
        match word {
            "offered" => Some(Self::Offered),
            "goodput" => Some(Self::Outcome(0)),
            "attempts" => Some(Self::Attempts),
            "degraded" => Some(Self::Degraded),
            "orphans" => Some(Self::Orphans),
            "mean" => Some(Self::Mean),
            "max" => Some(Self::Max),
            _ => {
                let digits = word.strip_prefix('p')?;
                let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
                let length = u32::try_from(digits.len()).ok()?;
                let valid = plain && (2..=5).contains(&length);
                let digits = valid.then(|| digits.parse().ok()).flatten()?;
                (digits > 0).then_some(Self::Quantile(digits, length))
            }
        }
    }

    /// A metric of a service.
    pub(super) fn of_service(word: &str) -> Option<Self> {
        match word {
            "utilisation" => Some(Self::Utilisation),
            "queue" => Some(Self::Queue),
            "wait" => Some(Self::Wait),
            "wasted" => Some(Self::Wasted),
            "refusing" => Some(Self::Refusing),
            _ => None,
        }
    }

    /// A metric of a layer of a policy.
    pub(super) fn of_layer(word: &str) -> Option<Self> {
        match word {
            "rejected" => Some(Self::LayerRejected),
            "timed_out" => Some(Self::LayerTimedOut),
            "retried" => Some(Self::LayerRetried),
            "denied" => Some(Self::LayerDenied),
            _ => None,
        }
    }

    fn is_of_a_layer(self) -> bool {
        matches!(
            self,
            Self::LayerRejected | Self::LayerTimedOut | Self::LayerRetried | Self::LayerDenied
        )
    }

    /// How closely one has to look to measure it in `unit`.
    pub(super) fn depth(self, unit: Unit) -> Depth {
        match self {
            Self::Below(nanos) => Depth::Requests { below: Some(Duration(nanos).std()) },
            Self::Utilisation | Self::Queue | Self::Wait | Self::Wasted | Self::Refusing => {
                Depth::Events
            }
            _ if unit == Unit::Rate || self.is_of_a_layer() => Depth::Events,
            _ => Depth::Requests { below: None },
        }
    }

    /// Units that a bound may have, the usual one first.
    pub(super) fn units(self) -> &'static [Unit] {
        match self {
            Self::Offered | Self::Outcome(_) | Self::Degraded => {
                &[Unit::Share, Unit::Rate, Unit::Number]
            }
            Self::Attempts | Self::Orphans => &[Unit::Number, Unit::Rate],
            Self::Below(_) | Self::Utilisation | Self::Wasted | Self::Refusing => &[Unit::Share],
            Self::Mean | Self::Quantile(..) | Self::Max | Self::Wait => &[Unit::Duration],
            Self::Queue => &[Unit::Number],
            Self::LayerRejected | Self::LayerTimedOut | Self::LayerRetried | Self::LayerDenied => {
                &[Unit::Rate, Unit::Number]
            }
        }
    }

    /// The unit in which it is compared with its own baseline.
    pub(super) fn natural(self) -> Unit {
        match self {
            Self::Offered | Self::Outcome(_) | Self::Degraded => Unit::Rate,
            other => other.units()[0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_digits_after_the_point() {
        assert_eq!(Metric::of_load("p50"), Some(Metric::Quantile(50, 2)));
        assert_eq!(Metric::of_load("p99999"), Some(Metric::Quantile(99_999, 5)));
        for word in ["p", "p9", "p00", "p999999", "p9x", "q99"] {
            assert_eq!(Metric::of_load(word), None, "{word}");
        }
    }
}
