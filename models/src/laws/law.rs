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
}
