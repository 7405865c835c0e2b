use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::string_or_object;
use crate::units::{Duration, Share};

/// A law of durations: a fixed one, or a choice of distributions.
#[derive(Clone, Debug)]
pub(crate) struct Law(pub(crate) LawKind);

string_or_object!(
    Law,
    "a duration such as \"5ms\" or a law",
    Duration,
    |d| Law(LawKind::Constant(d)),
    LawKind,
    Law
);

/// A distribution of durations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum LawKind {
    /// Always the same.
    Constant(Duration),
    /// Anything between two ends, equally likely.
    Uniform(Uniform),
    /// Exponential.
    Exp(Mean),
    /// Log-normal, by its median and either its 99th percentile or its sigma.
    #[serde(rename = "lognormal")]
    LogNormal(LogNormal),
    /// A sum of exponential stages.
    Erlang(Erlang),
    /// One of several exponentials.
    #[serde(rename = "hyperexp")]
    HyperExp(Vec<Branch>),
    /// Pareto, cut at `max` if given.
    Pareto(Pareto),
    /// Gamma.
    Gamma(Gamma),
    /// Weibull.
    Weibull(Weibull),
    /// The absolute value of a normal law.
    AbsNormal(AbsNormal),
    /// Quantiles from "0%" to "100%", interpolated linearly.
    Quantiles(BTreeMap<String, Duration>),
}

/// A uniform law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uniform {
    /// The lower end.
    pub(crate) min: Duration,
    /// The upper end.
    pub(crate) max: Duration,
}

/// An exponential law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mean {
    /// The mean.
    pub(crate) mean: Duration,
}

/// A log-normal law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogNormal {
    /// The median.
    pub(crate) p50: Duration,
    /// The 99th percentile.
    pub(crate) p99: Option<Duration>,
    /// Standard deviation of the logarithm.
    pub(crate) sigma: Option<f64>,
}

/// An Erlang law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erlang {
    /// How many stages.
    pub(crate) stages: u32,
    /// The mean of the sum.
    pub(crate) mean: Duration,
}

/// A branch of a hyperexponential law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Branch {
    /// How likely it is; either shares or plain numbers that sum to 1.
    pub(crate) weight: f64,
    /// Its mean.
    pub(crate) mean: Duration,
}

/// A Pareto law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pareto {
    /// The smallest value.
    pub(crate) min: Duration,
    /// The tail index.
    pub(crate) shape: f64,
    /// The largest value.
    pub(crate) max: Option<Duration>,
}

/// A gamma law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gamma {
    /// The shape.
    pub(crate) shape: f64,
    /// The mean.
    pub(crate) mean: Duration,
}

/// A Weibull law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weibull {
    /// The shape.
    pub(crate) shape: f64,
    /// The scale.
    pub(crate) scale: Duration,
}

/// The absolute value of a normal law.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbsNormal {
    /// Mean of the normal law.
    pub(crate) mean: Duration,
    /// Standard deviation of the normal law.
    pub(crate) sd: Duration,
}

/// Most stages of an Erlang law, each of which costs a random number.
const MOST_STAGES: u32 = 10_000;

/// The 99th percentile of the standard normal law.
const Z99: f64 = 2.326_347_874_040_840_8;

impl Law {
    /// The law of the model, or a sentence that says what is wrong with it.
    pub(crate) fn resolve(&self) -> Result<cascadia_models::laws::Law, String> {
        use cascadia_models::laws::Law as To;
        let law = match &self.0 {
            LawKind::Constant(value) => To::Constant(value.nanos()),
            LawKind::Uniform(law) => To::Uniform { low: law.min.nanos(), high: law.max.nanos() },
            LawKind::Exp(law) => To::Exponential { mean: law.mean.nanos() },
            LawKind::LogNormal(law) => log_normal(law)?,
            LawKind::Erlang(law) if law.stages > MOST_STAGES => {
                return Err(format!("there may be {MOST_STAGES} stages, not {}", law.stages));
            }
            LawKind::Erlang(law) => To::Erlang { stages: law.stages, mean: law.mean.nanos() },
            LawKind::HyperExp(branches) => To::Hyperexponential {
                branches: branches.iter().map(|b| (b.weight, b.mean.nanos())).collect(),
            },
            LawKind::Pareto(law) => match law.max {
                None => To::Pareto { min: law.min.nanos(), shape: law.shape },
                Some(max) => {
                    To::BoundedPareto { min: law.min.nanos(), max: max.nanos(), shape: law.shape }
                }
            },
            LawKind::Gamma(law) => To::Gamma { shape: law.shape, mean: law.mean.nanos() },
            LawKind::Weibull(law) => To::Weibull { shape: law.shape, scale: law.scale.nanos() },
            LawKind::AbsNormal(law) => To::AbsNormal { mean: law.mean.nanos(), sd: law.sd.nanos() },
            LawKind::Quantiles(points) => To::Empirical { points: quantiles(points)? },
        };
        law.check()?;
        Ok(law)
    }
}

fn log_normal(law: &LogNormal) -> Result<cascadia_models::laws::Law, String> {
    let median = law.p50.nanos();
    let sigma = match (law.p99, law.sigma) {
        (None, Some(sigma)) => sigma,
        (Some(p99), None) if p99 >= law.p50 && law.p50.0 > 0 => {
            libm::log(p99.nanos() / median) / Z99
        }
        (Some(_), None) => return Err("p99 must be at least p50, and p50 above 0".to_owned()),
        _ => return Err("a log-normal law takes exactly one of p99 and sigma".to_owned()),
    };
    Ok(cascadia_models::laws::Law::LogNormal { median, sigma })
}

fn quantiles(points: &BTreeMap<String, Duration>) -> Result<Vec<(f64, f64)>, String> {
    let mut sorted = Vec::with_capacity(points.len());
    for (name, value) in points {
        let share = Share::parse(name).map_err(|wrong| wrong.message)?;
        sorted.push((share.0, value.nanos()));
    }
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(sorted)
}
