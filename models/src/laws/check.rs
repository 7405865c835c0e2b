use super::Law;

impl Law {
    /// Whether the parameters are finite and in range; if not, a sentence that says which is not.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Constant(value) => not_negative("the value", *value),
            Self::Uniform { low, high } => {
                not_negative("the lower end", *low)?;
                not_negative("the upper end", *high)?;
                require(low <= high, || {
                    format!("the lower end, {low}, must not be above the upper end, {high}")
                })
            }
            Self::Exponential { mean } => positive("the mean", *mean),
            Self::LogNormal { median, sigma } => {
                positive("the median", *median)?;
                not_negative("sigma", *sigma)
            }
            Self::Erlang { stages, mean } => {
                positive("the number of stages", f64::from(*stages))?;
                positive("the mean", *mean)
            }
            Self::Hyperexponential { branches } => check_branches(branches),
            Self::Pareto { min, shape } => {
                positive("the minimum", *min)?;
                positive("the shape", *shape)
            }
            Self::BoundedPareto { min, max, shape } => {
                positive("the minimum", *min)?;
                positive("the maximum", *max)?;
                positive("the shape", *shape)?;
                require(min < max, || {
                    format!("the minimum, {min}, must be below the maximum, {max}")
                })
            }
            Self::Gamma { shape, mean } => {
                positive("the shape", *shape)?;
                positive("the mean", *mean)
            }
            Self::Weibull { shape, scale } => {
                positive("the shape", *shape)?;
                positive("the scale", *scale)
            }
            Self::AbsNormal { mean, sd } => {
                finite("the mean", *mean)?;
                not_negative("the standard deviation", *sd)
            }
            Self::Empirical { points } => check_points(points),
            Self::Mixture { branches } => {
                branches.iter().try_for_each(|(_, law)| law.check())?;
                check_weights(branches.iter().map(|(weight, _)| *weight))
            }
        }
    }
}

fn check_branches(branches: &[(f64, f64)]) -> Result<(), String> {
    branches.iter().try_for_each(|(_, mean)| positive("each mean", *mean))?;
    check_weights(branches.iter().map(|(weight, _)| *weight))
}

fn check_weights(weights: impl Iterator<Item = f64> + Clone) -> Result<(), String> {
    weights.clone().try_for_each(|weight| positive("each weight", weight))?;
    let sum = weights.fold(0.0, |sum, weight| sum + weight);
    require((sum - 1.0).abs() <= 1e-9, || format!("the weights must sum to 1, not {sum}"))
}

fn check_points(points: &[(f64, f64)]) -> Result<(), String> {
    for (p, value) in points {
        not_negative("each probability", *p)?;
        not_negative("each value", *value)?;
    }
    let ends = [points.first(), points.last()].map(|end| end.map(|(p, _)| *p));
    require(ends == [Some(0.0), Some(1.0)], || "the probabilities must go from 0 to 1".to_owned())?;
    for pair in points.windows(2) {
        let ((p, low), (q, high)) = (pair[0], pair[1]);
        require(p < q, || format!("the probabilities must increase, but {q} follows {p}"))?;
        require(low <= high, || format!("the values must not decrease, but {high} follows {low}"))?;
    }
    Ok(())
}

fn finite(what: &str, value: f64) -> Result<(), String> {
    require(value.is_finite(), || format!("{what} must be finite, not {value}"))
}

fn not_negative(what: &str, value: f64) -> Result<(), String> {
    finite(what, value)?;
    require(value >= 0.0, || format!("{what} must not be negative, not {value}"))
}

fn positive(what: &str, value: f64) -> Result<(), String> {
    finite(what, value)?;
    require(value > 0.0, || format!("{what} must be greater than 0, not {value}"))
}

fn require(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(sentence()) }
}
