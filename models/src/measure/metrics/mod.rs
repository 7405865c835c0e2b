//! The table of metrics: what can be asked of a run, a row for each.
//!
//! A row names a metric, says what it is and how it is read off what a probe measured; its units
//! and the depth of its probe follow from how it is read. Whoever lists metrics goes through these
//! rows: checks, their help and their suggestions, the reference, and what results hold besides
//! their fields. So a new metric is a row here and, where it is measured, an increment.

mod components;
mod layers;
mod loads;
mod services;

use std::time::Duration;

use cascadia_patterns::call::Kind;

use super::{Count, Ended, LayerCounters, ProbeMeasured, ReplicaMeasured, ServiceCounters, Tally};
use crate::plan::Depth;

pub use self::components::of_components;

/// What kind of quantity a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share of one.
    Share,
    /// So many a second.
    Rate,
    /// Nanoseconds.
    Duration,
    /// A plain number.
    Number,
}

impl Unit {
    /// What has no other unit than this.
    const fn alone(self) -> &'static [Self] {
        match self {
            Self::Share => &[Self::Share],
            Self::Rate => &[Self::Rate],
            Self::Duration => &[Self::Duration],
            Self::Number => &[Self::Number],
        }
    }
}

/// Of whom metrics are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Sources of load.
    Loads,
    /// Services.
    Services,
    /// Layers of policies.
    Layers,
}

impl Of {
    /// Every kind of subject that has metrics.
    pub const ALL: [Self; 3] = [Self::Loads, Self::Services, Self::Layers];

    /// The subjects, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loads => "loads",
            Self::Services => "services",
            Self::Layers => "layers",
        }
    }

    /// Its metrics, in the order of display.
    pub fn metrics(self) -> Vec<Metric> {
        match self {
            Self::Loads => loads::rows(),
            Self::Services => services::ROWS.to_vec(),
            Self::Layers => layers::ROWS.to_vec(),
        }
    }
}

/// A metric: a row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The word in checks; of a family the words before what tells its members apart.
    pub name: &'static str,
    /// What it is, for people.
    pub help: &'static str,
    reading: Reading,
}

/// What tells the members of a family of metrics apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Digits of a percentile, as in `p999`.
    Percentiles,
    /// A duration, as in `latency below 50ms`.
    Limits,
    /// A kind of answer, as in `answers.not_found`.
    Kinds,
}

/// How a metric is read off what was measured.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// Requests of a load that were sent, or that something is true of.
    Requests(Count),
    /// Requests of a load that ended so.
    Ended(Ended),
    /// Requests of a load that were answered so.
    Answered(Kind),
    /// What each request of a load may have several of.
    Each(Count),
    /// What happened to a load, whenever the request behind it was sent.
    Events(Count),
    /// Successes of a load that were faster.
    Below(Duration),
    /// A latency of a load.
    Latency(fn(&Tally) -> Option<f64>),
    /// A quantile of latencies of a load.
    Quantile(f64, fn(&Tally, f64) -> Option<f64>),
    /// A figure of a service in a window of so many nanoseconds.
    Service(Unit, fn(&ServiceCounters, u64) -> Option<f64>),
    /// A figure of the replicas of a service.
    Replicas(Unit, fn(&[ReplicaMeasured]) -> Option<f64>),
    /// What a layer counted.
    Layer(fn(&LayerCounters) -> u64),
    /// What components counted in this row of theirs.
    Row(usize),
    /// A level or an age of components, in this row of theirs.
    Level(Unit, usize),
}

/// What a count of requests grows with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// What was offered.
    Offered,
    /// The time for which a load sends.
    Time,
}

impl Metric {
    /// What it is a family of, if it is one.
    pub const fn family(&self) -> Option<Family> {
        match self.reading {
            Reading::Quantile(..) => Some(Family::Percentiles),
            Reading::Below(_) => Some(Family::Limits),
            Reading::Answered(_) => Some(Family::Kinds),
            _ => None,
        }
    }

    /// How checks write it; of percentiles the first and the last.
    pub fn form(&self) -> String {
        let name = self.name;
        match self.family() {
            None => name.to_owned(),
            Some(Family::Percentiles) => format!("{name}01 … {name}99999"),
            Some(Family::Limits) => format!("{name} D"),
            Some(Family::Kinds) => format!("{name}KIND"),
        }
    }

    /// The member of a family of percentiles that a share of all values does not exceed.
    #[must_use]
    pub const fn percentile(self, share: f64) -> Self {
        match self.reading {
            Reading::Quantile(_, of) => Self { reading: Reading::Quantile(share, of), ..self },
            _ => self,
        }
    }

    /// The member of a family of limits.
    #[must_use]
    pub const fn limit(self, limit: Duration) -> Self {
        match self.reading {
            Reading::Below(_) => Self { reading: Reading::Below(limit), ..self },
            _ => self,
        }
    }

    /// The member of a family of kinds.
    #[must_use]
    pub const fn kind(self, kind: Kind) -> Self {
        match self.reading {
            Reading::Answered(_) => Self { reading: Reading::Answered(kind), ..self },
            _ => self,
        }
    }

    /// Units that a bound may have, the usual one first.
    pub const fn units(&self) -> &'static [Unit] {
        match self.reading {
            Reading::Requests(_) | Reading::Ended(_) | Reading::Answered(_) => {
                &[Unit::Share, Unit::Rate, Unit::Number]
            }
            Reading::Each(_) => &[Unit::Number, Unit::Rate],
            Reading::Events(_) | Reading::Layer(_) | Reading::Row(_) => &[Unit::Rate, Unit::Number],
            Reading::Latency(_) | Reading::Quantile(..) => &[Unit::Duration],
            Reading::Below(_) => &[Unit::Share],
            Reading::Service(unit, _) | Reading::Replicas(unit, _) | Reading::Level(unit, _) => {
                unit.alone()
            }
        }
    }

    /// The unit in which it is compared with its own baseline. A load that grows has a greater rate
    /// of everything and the same shares.
    pub const fn natural(&self) -> Unit {
        match self.reading {
            Reading::Requests(_) | Reading::Ended(_) | Reading::Answered(_) => Unit::Rate,
            _ => self.units()[0],
        }
    }

    /// What it is a count of requests of a load for, where it is one.
    pub const fn exposure(&self) -> Option<Exposure> {
        match self.reading {
            Reading::Requests(Count::Offered) => Some(Exposure::Time),
            Reading::Requests(_) | Reading::Ended(_) | Reading::Answered(_) => {
                Some(Exposure::Offered)
            }
            _ => None,
        }
    }

    /// What was counted when it happened, where it is a count of a load.
    pub fn happened(&self, measured: &ProbeMeasured) -> Option<u64> {
        match measured {
            ProbeMeasured::Load { happened, .. } => loads::happened(self.reading, happened),
            _ => None,
        }
    }

    /// How closely one has to look to measure it in `unit`.
    pub fn depth(&self, unit: Unit) -> Depth {
        match self.reading {
            Reading::Events(_)
            | Reading::Service(..)
            | Reading::Layer(_)
            | Reading::Row(_)
            | Reading::Level(..) => Depth::Events,
            Reading::Replicas(..) => Depth::Replicas,
            Reading::Below(limit) => Depth::Requests { below: Some(limit) },
            _ if unit == Unit::Rate => Depth::Events,
            _ => Depth::Requests { below: None },
        }
    }

    /// Its value in `unit`, off what a probe measured in `nanos` nanoseconds; none where there is
    /// too little to say it of.
    pub fn read(&self, unit: Unit, measured: &ProbeMeasured, nanos: u64) -> Option<f64> {
        let value = match (self.reading, measured) {
            (Reading::Service(_, of), ProbeMeasured::Service(counters)) => of(counters, nanos),
            (Reading::Replicas(_, of), ProbeMeasured::Replicas(replicas)) => of(replicas),
            (Reading::Layer(of), ProbeMeasured::Layer(counters)) => {
                counted(of(counters), unit, nanos)
            }
            (Reading::Row(row), ProbeMeasured::Component(rows)) => {
                counted(*rows.get(row)?, unit, nanos)
            }
            (Reading::Level(_, row), ProbeMeasured::Component(rows)) => {
                Some(*rows.get(row)? as f64)
            }
            (reading, ProbeMeasured::Load { sent, happened }) => match unit {
                Unit::Rate => rate(loads::happened(reading, happened)?, nanos),
                _ => loads::read(reading, unit, sent, happened),
            },
            _ => None,
        };
        value.filter(|value| value.is_finite())
    }
}

fn counted(count: u64, unit: Unit, nanos: u64) -> Option<f64> {
    if unit == Unit::Rate { rate(count, nanos) } else { Some(count as f64) }
}

fn rate(count: u64, nanos: u64) -> Option<f64> {
    (nanos > 0).then(|| count as f64 / (nanos as f64 / 1e9))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_metric_has_a_name_of_its_own_and_is_explained_in_a_sentence() {
        for of in Of::ALL {
            let rows = of.metrics();
            let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
            assert_eq!(names.len(), rows.len(), "{of:?}");
            for Metric { name, help, .. } in rows {
                assert!(help.ends_with('.') && help.len() > 10, "{of:?} {name}: {help}");
            }
        }
    }

    #[test]
    fn the_natural_unit_is_one_that_a_bound_may_have() {
        for metric in Of::ALL.into_iter().flat_map(Of::metrics) {
            assert!(metric.units().contains(&metric.natural()), "{metric:?}");
        }
    }
}
