use crate::result::{CheckResult, CheckStatus, LoadResult, RunResult};

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

/// A check of somebody does not hold, or nothing is checked.
pub(super) fn is_wrong(result: &RunResult, subject: &str) -> bool {
    result.checks.is_empty() || failed_checks(result, subject).next().is_some()
}

/// There is more of something than a check of it lets be.
pub(super) fn too_many(result: &RunResult, subject: &str, metric: &str) -> bool {
    failed_checks(result, subject).any(|check| {
        let is_of_it = check.expression.split(' ').next() == Some(metric);
        is_of_it && check.measured.is_some_and(|measured| measured > check.bound)
    })
}

fn failed_checks<'a>(
    result: &'a RunResult,
    subject: &'a str,
) -> impl Iterator<Item = &'a CheckResult> {
    let failed = |check: &&CheckResult| check.status == CheckStatus::Failed;
    result.checks.iter().filter(failed).filter(move |check| check.subject == subject)
}
