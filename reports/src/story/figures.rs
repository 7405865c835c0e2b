use crate::result::LoadResult;

/// Failures of less than this share of a load are not what is wrong with a run.
pub(super) const WORTH: f64 = 0.01;

/// Which share of a load failed.
pub(super) fn failed(load: &LoadResult) -> f64 {
    let failed: u64 = load.causes.iter().map(|cause| cause.count).sum();
    failed as f64 / load.offered.max(1) as f64
}

/// What values are on average, if there are any.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}
