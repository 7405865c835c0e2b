use cascadia_runtime::Draw;

use super::{gamma, inverse, nearest, normal};

/// A law of durations, in nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always the same.
    Constant(f64),
    /// Uniform on [low, high).
    Uniform {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// Exponential.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// The exponential of a normal law.
    LogNormal {
        /// The median.
        median: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// The sum of `stages` exponentials.
    Erlang {
        /// How many stages.
        stages: u32,
        /// The mean of the sum.
        mean: f64,
    },
    /// One of several exponentials.
    Hyperexponential {
        /// Weight and mean of each; the weights sum to 1.
        branches: Vec<(f64, f64)>,
    },
    /// Pareto: P(X > x) = (min/x)^shape from `min` on.
    Pareto {
        /// The smallest value.
        min: f64,
        /// The tail index.
        shape: f64,
    },
    /// Pareto cut to [min, max].
    BoundedPareto {
        /// The smallest value.
        min: f64,
        /// The largest value.
        max: f64,
        /// The tail index.
        shape: f64,
    },
    /// Gamma.
    Gamma {
        /// The shape.
        shape: f64,
        /// The mean.
        mean: f64,
    },
    /// Weibull.
    Weibull {
        /// The shape.
        shape: f64,
        /// The scale.
        scale: f64,
    },
    /// The absolute value of a normal law.
    AbsNormal {
        /// Mean of the normal law.
        mean: f64,
        /// Standard deviation of the normal law.
        sd: f64,
    },
    /// Quantiles interpolated linearly.
    Empirical {
        /// Probability and value, both increasing, from probability 0 to 1.
        points: Vec<(f64, f64)>,
    },
    /// One of several laws.
    Mixture {
        /// Weight and law of each; the weights sum to 1.
        branches: Vec<(f64, Self)>,
    },
}

impl Law {
    /// A duration of this law, in whole nanoseconds: never negative, and [`u64::MAX`] (584 years)
    /// for anything longer.
    ///
    /// Equal draws give equal durations on every platform. All laws but [`Erlang`](Self::Erlang),
    /// [`Gamma`](Self::Gamma), [`Hyperexponential`](Self::Hyperexponential) and
    /// [`Mixture`](Self::Mixture) take at most one
    /// number and never fall as it rises (before a normal law loses its sign), so two runs that
    /// differ in a parameter of the law keep their luck.
    #[inline]
    pub fn sample(&self, draw: &mut Draw) -> u64 {
        nearest(self.value(draw))
    }

    fn value(&self, draw: &mut Draw) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => low + (high - low) * draw.unit(),
            Self::Exponential { mean } => mean * inverse::exponential(draw.unit()),
            Self::LogNormal { median, sigma } => {
                median * libm::exp(sigma * normal::inverse(draw.unit()))
            }
            Self::Erlang { stages, mean } => {
                mean / f64::from(*stages) * gamma::erlang(*stages, draw)
            }
            Self::Hyperexponential { branches } => {
                inverse::branch(draw.unit(), branches) * inverse::exponential(draw.unit())
            }
            Self::Pareto { min, shape } => min * inverse::pareto(draw.unit(), *shape),
            Self::BoundedPareto { min, max, shape } => {
                min * inverse::bounded_pareto(draw.unit(), max / min, *shape)
            }
            Self::Gamma { shape, mean } => mean / shape * gamma::gamma(*shape, draw),
            Self::Weibull { shape, scale } => scale * inverse::weibull(draw.unit(), *shape),
            Self::AbsNormal { mean, sd } => (mean + sd * normal::inverse(draw.unit())).abs(),
            Self::Empirical { points } => inverse::empirical(draw.unit(), points),
            Self::Mixture { branches } => one_of(branches, draw),
        }
    }
}

/// A value of one of several laws. It stands apart, as it would make every other law slower.
#[inline(never)]
fn one_of(branches: &[(f64, Law)], draw: &mut Draw) -> f64 {
    inverse::branch(draw.unit(), branches).value(draw)
}
