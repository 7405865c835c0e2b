use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::{Law, gamma};

/// From this shape on a gamma law is as good as constant.
const NARROW: f64 = 1e6;

impl Law {
    /// The mean in nanoseconds of what it gives, cut to `limit`: how long it takes on average where
    /// there is no more time than that. It is finite for every law, and where nearly all of a law
    /// is short and a mean is made by what is too rare to happen, it says so.
    pub fn mean_within(&self, limit: f64) -> f64 {
        match self {
            Self::Constant(value) => value.min(limit),
            Self::Uniform { low, high } => piece((0.0, *low), (1.0, *high), limit),
            Self::Exponential { mean } => exponential(*mean, limit),
            Self::LogNormal { median, sigma } => {
                if *sigma == 0.0 {
                    return median.min(limit);
                }
                let end = libm::log(limit / median) / sigma;
                self.mean() * below(end - sigma) + limit * below(-end)
            }
            Self::Erlang { stages, mean } => gamma(f64::from(*stages), *mean, limit),
            Self::Gamma { shape, mean } => gamma(*shape, *mean, limit),
            Self::Hyperexponential { branches } => {
                branches.iter().map(|(weight, mean)| weight * exponential(*mean, limit)).sum()
            }
            Self::Pareto { min, shape } => pareto(*min, *shape, limit),
            Self::BoundedPareto { min, max, shape } => {
                let limit = limit.min(*max);
                let cut = libm::pow(max / min, -shape);
                let certain = min.min(limit);
                let tail = pareto(*min, *shape, limit) - certain - (limit - certain) * cut;
                certain + tail / (1.0 - cut)
            }
            Self::Weibull { shape, scale } => {
                let share = share(1.0 / shape, libm::pow(limit / scale, *shape));
                self.mean() * share
            }
            Self::AbsNormal { mean, sd } => abs_normal(mean.abs(), *sd, limit),
            Self::Empirical { points } => {
                points.windows(2).map(|ends| piece(ends[0], ends[1], limit)).sum()
            }
            Self::Mixture { branches } => {
                branches.iter().map(|(weight, law)| weight * law.mean_within(limit)).sum()
            }
        }
    }
}

/// What a uniform part of a law, between two points of its distribution, adds.
fn piece((p, low): (f64, f64), (q, high): (f64, f64), limit: f64) -> f64 {
    let top = high.min(limit);
    if top <= low {
        return (q - p) * low.min(limit);
    }
    let share = (top - low) / (high - low);
    (q - p) * (share * (low + top) / 2.0 + (1.0 - share) * limit)
}

fn exponential(mean: f64, limit: f64) -> f64 {
    -mean * libm::expm1(-limit / mean)
}

/// Of the Pareto law from `min` on: below it the limit is certain, above it lies the area under the
/// tail.
fn pareto(min: f64, shape: f64, limit: f64) -> f64 {
    if limit <= min {
        return limit;
    }
    let log = libm::log(limit / min);
    let excess = 1.0 - shape;
    let area = if excess == 0.0 { log } else { libm::expm1(excess * log) / excess };
    min * (1.0 + area)
}

fn gamma(shape: f64, mean: f64, limit: f64) -> f64 {
    if shape > NARROW {
        return mean.min(limit);
    }
    let end = limit / mean * shape;
    mean * share(shape + 1.0, end) + limit * (1.0 - share(shape, end))
}

/// The distribution function of the gamma law, also where its series takes long.
pub(super) fn share(shape: f64, x: f64) -> f64 {
    let far = shape + 40.0 * libm::sqrt(shape) + 200.0;
    if x > far { 1.0 } else { gamma::below(shape, x).min(1.0) }
}

fn abs_normal(mean: f64, sd: f64, limit: f64) -> f64 {
    if sd == 0.0 {
        return mean.min(limit);
    }
    let density = |x: f64| libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * PI);
    let at = |x: f64| (x - mean) / sd;
    let within = |low: f64, high: f64| {
        let (low, high) = (at(low), at(high));
        mean * (below(high) - below(low)) - sd * (density(high) - density(low))
    };
    let beyond = below(-at(limit)) + below(at(-limit));
    within(0.0, limit) - within(-limit, 0.0) + limit * beyond
}

/// The distribution function of the standard normal law.
fn below(z: f64) -> f64 {
    libm::erfc(-z * FRAC_1_SQRT_2) / 2.0
}
