/// The mean less `factor` standard deviations of the population; of nothing it is nothing.
pub(super) fn lower_bound(rates: impl Iterator<Item = f64> + Clone, factor: f64) -> f64 {
    let count = rates.clone().count().max(1) as f64;
    let mean = rates.clone().sum::<f64>() / count;
    let squares: f64 = rates.map(|rate| (rate - mean) * (rate - mean)).sum();
    mean - factor * libm::sqrt(squares / count)
}
