use super::Law;

impl Law {
    /// The exact mean in nanoseconds; infinite for a Pareto law of shape 1 or less.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => low + (high - low) / 2.0,
            Self::Exponential { mean } | Self::Erlang { mean, .. } | Self::Gamma { mean, .. } => {
                *mean
            }
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * sigma / 2.0),
            Self::Hyperexponential { branches } => {
                branches.iter().map(|(weight, mean)| weight * mean).sum()
            }
            Self::Pareto { shape, .. } if *shape <= 1.0 => f64::INFINITY,
            Self::Pareto { min, shape } => min * shape / (shape - 1.0),
            Self::BoundedPareto { min, max, shape } => min * bounded_pareto(max / min, *shape),
            Self::Weibull { shape, scale } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Self::AbsNormal { mean, sd } => abs_normal(*mean, *sd),
            Self::Empirical { points } => {
                let piece =
                    |ends: &[(f64, f64)]| (ends[1].0 - ends[0].0) * (ends[0].1 + ends[1].1) / 2.0;
                points.windows(2).map(piece).sum()
            }
            Self::Mixture { branches } => {
                branches.iter().map(|(weight, law)| weight * law.mean()).sum()
            }
        }
    }
}

/// The mean of the Pareto law cut to [1, max].
fn bounded_pareto(max: f64, shape: f64) -> f64 {
    let log = libm::log(max);
    let excess = 1.0 - shape;
    let area = if excess == 0.0 { log } else { libm::expm1(excess * log) / excess };
    shape * area / -libm::expm1(-shape * log)
}

/// The mean of the folded normal law (Leone, Nelson and Nottingham 1961).
fn abs_normal(mean: f64, sd: f64) -> f64 {
    if sd == 0.0 {
        return mean.abs();
    }
    let z = mean / sd;
    let spread = sd * libm::sqrt(std::f64::consts::FRAC_2_PI) * libm::exp(-z * z / 2.0);
    spread + mean * libm::erf(z * std::f64::consts::FRAC_1_SQRT_2)
}
