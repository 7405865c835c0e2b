use std::f64::consts::FRAC_1_SQRT_2;

use super::Law;
use super::within::share;

impl Law {
    /// The distribution function: how likely it is to give no more than `x` nanoseconds.
    pub fn below(&self, x: f64) -> f64 {
        match self {
            Self::Constant(value) => f64::from(x >= *value),
            Self::Uniform { low, high } if low < high => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Self::Uniform { low, .. } => f64::from(x >= *low),
            _ if x < 0.0 => 0.0,
            Self::Exponential { mean } => -libm::expm1(-x / mean),
            Self::LogNormal { median, sigma } if *sigma == 0.0 => f64::from(x >= *median),
            Self::LogNormal { median, sigma } => normal(libm::log(x / median) / sigma),
            Self::Erlang { stages, mean } => gamma(f64::from(*stages), *mean, x),
            Self::Gamma { shape, mean } => gamma(*shape, *mean, x),
            Self::Hyperexponential { branches } => {
                branches.iter().map(|(weight, mean)| -weight * libm::expm1(-x / mean)).sum()
            }
            Self::Pareto { min, shape } if x > *min => 1.0 - libm::pow(min / x, *shape),
            Self::BoundedPareto { max, .. } if x >= *max => 1.0,
            Self::BoundedPareto { min, max, shape } if x > *min => {
                (1.0 - libm::pow(min / x, *shape)) / (1.0 - libm::pow(min / max, *shape))
            }
            Self::Pareto { .. } | Self::BoundedPareto { .. } => 0.0,
            Self::Weibull { shape, scale } => -libm::expm1(-libm::pow(x / scale, *shape)),
            Self::AbsNormal { mean, sd } if *sd == 0.0 => f64::from(x >= mean.abs()),
            Self::AbsNormal { mean, sd } => normal((x - mean) / sd) - normal((-x - mean) / sd),
            Self::Empirical { points } => empirical(points, x),
            Self::Mixture { branches } => {
                branches.iter().map(|(weight, law)| weight * law.below(x)).sum()
            }
        }
    }
}

/// The distribution function of the standard normal law.
fn normal(z: f64) -> f64 {
    libm::erfc(-z * FRAC_1_SQRT_2) / 2.0
}

fn gamma(shape: f64, mean: f64, x: f64) -> f64 {
    share(shape, x / mean * shape)
}

fn empirical(points: &[(f64, f64)], x: f64) -> f64 {
    let piece = points.windows(2).rev().find(|ends| ends[0].1 <= x);
    piece.map_or(0.0, |ends| {
        let ((p, low), (q, high)) = (ends[0], ends[1]);
        if x >= high { q } else { p + (q - p) * (x - low) / (high - low) }
    })
}
