//! The gamma law of scale 1, and its whole shapes.

use cascadia_runtime::Draw;

use super::normal;

/// The sum of `stages` exponentials of mean 1: minus the logarithm of a product of uniforms.
///
/// A factor is at least 2⁻⁵³, so sixteen of them do not underflow; more stages are a gamma law.
pub(super) fn erlang(stages: u32, draw: &mut Draw) -> f64 {
    if stages > 16 {
        return gamma(f64::from(stages), draw);
    }
    -libm::log((0..stages).map(|_| 1.0 - draw.unit()).product())
}

/// Gamma of any positive shape; below 1 by the power of a uniform that brings shape + 1 down.
pub(super) fn gamma(shape: f64, draw: &mut Draw) -> f64 {
    if shape >= 1.0 {
        return squeeze(shape, draw);
    }
    squeeze(shape + 1.0, draw) * libm::pow(1.0 - draw.unit(), 1.0 / shape)
}

/// Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), from shape 1 on.
fn squeeze(shape: f64, draw: &mut Draw) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = normal::inverse(draw.unit());
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        let u = 1.0 - draw.unit();
        let square = x * x;
        if u < 1.0 - 0.0331 * square * square
            || libm::log(u) < 0.5 * square + d * (1.0 - v + libm::log(v))
        {
            return d * v;
        }
    }
}

/// The distribution function at `x`, by its power series: for `x` not far above `shape`.
pub(super) fn below(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let mut term = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape + 1.0));
    let mut sum = term;
    let mut divisor = shape;
    while term > sum * f64::EPSILON {
        divisor += 1.0;
        term *= x / divisor;
        sum += term;
    }
    sum
}
