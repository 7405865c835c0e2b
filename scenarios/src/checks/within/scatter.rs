//! Whatever is no count of requests: latencies, utilisations, queues, and what layers do. Nobody knows
//! the law of such a figure, but the windows before the first fault show how it scatters.

use cascadia_models::measure::ProbeMeasured;
use cascadia_models::measure::metrics::Metric;
use cascadia_models::stats::student_beyond;

use super::finding::{FALSE_ALARMS, Finding, OVERSIGHTS, Silent, Stretch};
use crate::checks::outcome::CheckStatus;

/// Of so many windows it can be said how they scatter.
const LEAST: usize = 3;

/// A figure in a stretch of time, where there is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) value: f64,
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Seen {
    pub(super) fn of(stretch: &Stretch, metric: &Metric, probes: &[ProbeMeasured]) -> Option<Self> {
        let sample = &stretch.sample;
        let value = metric.read(metric.natural(), &*sample.of(probes)?, sample.nanos())?;
        Some(Self { value, from: sample.from, until: sample.until })
    }
}

/// The windows before the first fault.
struct Baseline {
    mean: f64,
    deviation: f64,
    count: f64,
}

impl Baseline {
    fn of(windows: &[Seen]) -> Self {
        let count = windows.len() as f64;
        let mean = windows.iter().map(|window| window.value).sum::<f64>() / count;
        let square = |window: &Seen| (window.value - mean) * (window.value - mean);
        let deviation = libm::sqrt(windows.iter().map(square).sum::<f64>() / (count - 1.0));
        Self { mean, deviation, count }
    }

    /// How far the mean of so many windows is from the baseline by chance, once in so many times.
    fn reach(&self, of: f64, chance: f64) -> f64 {
        let spread = self.deviation * libm::sqrt(1.0 / of + 1.0 / self.count);
        if spread > 0.0 { spread * quantile(chance, self.count - 1.0) } else { 0.0 }
    }
}

/// What is exceeded with so small a probability.
fn quantile(chance: f64, freedom: f64) -> f64 {
    let mut high = 1.0;
    while student_beyond(high, freedom) > chance {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if student_beyond(middle, freedom) > chance { low = middle } else { high = middle }
    }
    high
}

pub(super) fn judge(
    share: f64,
    baseline: &[Seen],
    windows: &[Option<Seen>],
) -> Result<Finding, Silent> {
    if baseline.len() < LEAST {
        return Err(Silent::Scatter);
    }
    let before = Baseline::of(baseline);
    let seen: Vec<Seen> = windows.iter().copied().flatten().collect();
    let count = seen.len() as f64;
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else {
        return Err(Silent::During);
    };
    let mean = seen.iter().map(|window| window.value).sum::<f64>() / count;
    let whole = Seen { value: mean, from: first.from, until: last.until };
    let bound = share * before.mean.abs();
    let each = bound + before.reach(1.0, FALSE_ALARMS / 4.0 / count);
    let all = bound + before.reach(count, FALSE_ALARMS / 4.0);
    let told = seen.iter().map(|window| (window, each)).chain([(&whole, all)]);
    let off = |(seen, far): &(&Seen, f64)| (seen.value - before.mean).abs() - far;
    let worst = told.max_by(|one, other| off(one).total_cmp(&off(other)));
    let (decides, far) = worst.ok_or(Silent::During)?;
    let fails = off(&(decides, far)) > 0.0;
    if !fails && seen.len() < windows.len() {
        return Err(Silent::During);
    }
    let sure = (mean - before.mean).abs() + before.reach(count, OVERSIGHTS);
    let status = match () {
        () if fails => CheckStatus::Failed,
        () if sure <= 2.0 * bound => CheckStatus::Passed,
        () => CheckStatus::Inconclusive,
    };
    Ok(Finding {
        status,
        measured: decides.value,
        allowed: (before.mean - far, before.mean + far),
        due: before.mean,
        from: decides.from,
        until: decides.until,
    })
}
