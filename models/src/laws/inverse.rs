//! Closed inverses of the distribution functions: the value below which a share `u` of [0, 1) lies.

/// Exponential of mean 1.
pub(super) fn exponential(u: f64) -> f64 {
    -libm::log1p(-u)
}

/// Weibull of scale 1.
pub(super) fn weibull(u: f64, shape: f64) -> f64 {
    libm::pow(exponential(u), 1.0 / shape)
}

/// Pareto from 1 on.
pub(super) fn pareto(u: f64, shape: f64) -> f64 {
    libm::exp(exponential(u) / shape)
}

/// Pareto cut to [1, max].
pub(super) fn bounded_pareto(u: f64, max: f64, shape: f64) -> f64 {
    let kept = -libm::expm1(-shape * libm::log(max));
    pareto(u * kept, shape).min(max)
}

/// The linear interpolation of quantiles.
pub(super) fn empirical(u: f64, points: &[(f64, f64)]) -> f64 {
    let above = points.partition_point(|(p, _)| *p <= u).clamp(1, points.len() - 1);
    let ((p, low), (q, high)) = (points[above - 1], points[above]);
    low + (high - low) * ((u - p) / (q - p))
}

/// The branch whose share of the weights `u` falls into.
pub(super) fn branch<T>(u: f64, branches: &[(f64, T)]) -> &T {
    let mut rest = u;
    for (weight, branch) in branches {
        if rest < *weight {
            return branch;
        }
        rest -= weight;
    }
    &branches[branches.len() - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: f64 = 1.0 - f64::EPSILON / 2.0;

    #[test]
    fn ends_are_finite_and_in_range() {
        assert_eq!([exponential(0.0), weibull(0.0, 0.5)], [0.0, 0.0]);
        assert_eq!([pareto(0.0, 0.1), bounded_pareto(0.0, 9.0, 2.0)], [1.0, 1.0]);
        assert!((exponential(LAST) - 53.0 * std::f64::consts::LN_2).abs() < 1e-12);
        assert!(weibull(LAST, 0.1).is_finite() && pareto(LAST, 0.1).is_finite());
        let cut = bounded_pareto(LAST, 9.0, 2.0);
        assert!((8.999..=9.0).contains(&cut), "{cut}");
    }

    #[test]
    fn empirical_quantiles_are_interpolated() {
        let points = [(0.0, 10.0), (0.5, 20.0), (0.9, 20.0), (1.0, 120.0)];
        let at = |u| empirical(u, &points);
        assert_eq!([at(0.0), at(0.25), at(0.5), at(0.7)], [10.0, 15.0, 20.0, 20.0]);
        assert!((at(0.95) - 70.0).abs() < 1e-9);
        assert!((at(LAST) - 120.0).abs() < 1e-9 && at(1.0) == 120.0);
    }

    #[test]
    fn branches_are_chosen_by_weight() {
        let branches = [(0.25, 1.0), (0.5, 2.0), (0.25 - 1e-12, 3.0)];
        let chosen = [0.0, 0.2499, 0.25, 0.7499, 0.75, LAST].map(|u| *branch(u, &branches));
        assert_eq!(chosen, [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
    }
}
