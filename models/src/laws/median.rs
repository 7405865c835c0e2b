use std::f64::consts::{FRAC_1_SQRT_2, LN_2};

use super::{Law, gamma, inverse};

impl Law {
    /// The median in nanoseconds, in closed form or else by bisection of the distribution function.
    pub fn median(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => low + (high - low) / 2.0,
            Self::Exponential { mean } => mean * LN_2,
            Self::LogNormal { median, .. } => *median,
            Self::Erlang { stages, mean } => gamma_median(f64::from(*stages), *mean),
            Self::Hyperexponential { branches } => bisect(self.mean(), |x| {
                branches.iter().map(|(weight, mean)| -weight * libm::expm1(-x / mean)).sum()
            }),
            Self::Pareto { min, shape } => min * inverse::pareto(0.5, *shape),
            Self::BoundedPareto { min, max, shape } => {
                min * inverse::bounded_pareto(0.5, max / min, *shape)
            }
            Self::Gamma { shape, mean } => gamma_median(*shape, *mean),
            Self::Weibull { shape, scale } => scale * inverse::weibull(0.5, *shape),
            Self::AbsNormal { mean, sd } => bisect(mean.abs() + 2.0 * sd, |x| {
                let side = |distance: f64| libm::erf(distance / sd * FRAC_1_SQRT_2);
                (side(x + mean) + side(x - mean)) / 2.0
            }),
            Self::Empirical { points } => inverse::empirical(0.5, points),
            Self::Mixture { branches } => {
                let highest = branches.iter().map(|(_, law)| law.median()).fold(0.0, f64::max);
                bisect(highest, |x| self.below(x))
            }
        }
    }
}

/// From shape 1000 on by the expansion of Choi (1994), exact to 10⁻¹¹ there.
fn gamma_median(shape: f64, mean: f64) -> f64 {
    let median = if shape < 1000.0 {
        bisect(shape, |x| gamma::below(shape, x))
    } else {
        shape - 1.0 / 3.0 + 8.0 / 405.0 / shape
    };
    mean / shape * median
}

/// Where the rising function `below` passes one half, between 0 and `high`.
fn bisect(mut high: f64, below: impl Fn(f64) -> f64) -> f64 {
    let mut low = 0.0;
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return high;
        }
        if below(middle) < 0.5 {
            low = middle;
        } else {
            high = middle;
        }
    }
}
