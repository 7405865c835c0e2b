//! The numbers of laws.

use std::collections::BTreeMap;
use std::time;

use cascadia_models::laws;

use crate::decode::object;
use crate::units::{self, Duration};

/// A law, or a sentence that says what is wrong with it.
pub(super) type Found = Result<laws::Law, String>;

object! {
    /// A uniform law.
    pub(crate) struct Uniform {
        /// The lower end.
        min: Duration,
        /// The upper end.
        max: Duration,
    }
}

object! {
    /// An exponential law.
    pub(crate) struct Mean {
        /// The mean.
        mean: Duration,
    }
}

object! {
    /// A log-normal law.
    pub(crate) struct LogNormal {
        /// The median.
        p50: Duration,
        /// The 99th percentile.
        p99: Option<Duration> => "said by sigma",
        /// Standard deviation of the logarithm.
        sigma: Option<f64> => "said by p99",
    }
}

object! {
    /// An Erlang law.
    pub(crate) struct Erlang {
        /// How many stages.
        stages: u32,
        /// The mean of the sum.
        mean: Duration,
    }
}

object! {
    /// A branch of a hyperexponential law.
    pub(crate) struct ExpBranch {
        /// How likely it is; plain numbers that sum to 1.
        weight: f64,
        /// Its mean.
        mean: Duration,
    }
}

object! {
    /// A Pareto law.
    pub(crate) struct Pareto {
        /// The smallest value.
        min: Duration,
        /// The tail index.
        shape: f64,
        /// The largest value.
        max: Option<Duration> => "there is none",
    }
}

object! {
    /// A gamma law.
    pub(crate) struct Gamma {
        /// The shape.
        shape: f64,
        /// The mean.
        mean: Duration,
    }
}

object! {
    /// A Weibull law.
    pub(crate) struct Weibull {
        /// The shape.
        shape: f64,
        /// The scale.
        scale: Duration,
    }
}

object! {
    /// The absolute value of a normal law.
    pub(crate) struct AbsNormal {
        /// Mean of the normal law.
        mean: Duration,
        /// Standard deviation of the normal law.
        sd: Duration,
    }
}

/// Most stages of an Erlang law, each of which costs a random number.
const MOST_STAGES: u32 = 10_000;

/// The 99th percentile of the standard normal law.
const Z99: f64 = 2.326_347_874_040_840_8;

pub(super) fn nanos(duration: time::Duration) -> f64 {
    duration.as_nanos() as f64
}

pub(super) fn constant(duration: time::Duration) -> Found {
    Ok(laws::Law::Constant(nanos(duration)))
}

impl Erlang {
    pub(super) fn law(self) -> Found {
        let Self { stages, mean } = self;
        if stages > MOST_STAGES {
            return Err(format!("there may be {MOST_STAGES} stages, not {stages}"));
        }
        Ok(laws::Law::Erlang { stages, mean: nanos(mean) })
    }
}

impl LogNormal {
    pub(super) fn law(self) -> Found {
        let median = nanos(self.p50);
        let sigma = match (self.p99, self.sigma) {
            (None, Some(sigma)) => sigma,
            (Some(p99), None) if p99 >= self.p50 && !self.p50.is_zero() => {
                libm::log(nanos(p99) / median) / Z99
            }
            (Some(_), None) => return Err("p99 must be at least p50, and p50 above 0".to_owned()),
            _ => return Err("a log-normal law takes exactly one of p99 and sigma".to_owned()),
        };
        Ok(laws::Law::LogNormal { median, sigma })
    }
}

pub(super) fn quantiles(points: BTreeMap<String, time::Duration>) -> Found {
    let mut sorted = Vec::with_capacity(points.len());
    for (name, value) in points {
        let share = units::Share::parse(&name).map_err(|wrong| wrong.message)?;
        sorted.push((share.0, nanos(value)));
    }
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(laws::Law::Empirical { points: sorted })
}
