//! Counts of requests, of which each lies in a window or before the first fault: so many of all that
//! were counted are binomial, whatever is usual for the load.

use cascadia_models::measure::metrics::{Exposure, Metric};
use cascadia_models::measure::{Count, ProbeMeasured};
use cascadia_models::stats::{at_least, at_most};

use super::finding::{FALSE_ALARMS, Finding, OVERSIGHTS, Silent, Stretch};
use crate::checks::outcome::CheckStatus;

/// What was counted in a stretch of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) exposure: f64,
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Seen {
    pub(super) fn of(
        stretch: &Stretch,
        metric: &Metric,
        exposure: Exposure,
        probes: &[ProbeMeasured],
    ) -> Option<Self> {
        let measured = stretch.sample.of(probes)?;
        let ProbeMeasured::Load { happened, .. } = &*measured else { return None };
        let exposure = match exposure {
            Exposure::Offered => happened.counts[Count::Offered] as f64,
            Exposure::Time => stretch.sending as f64 / 1e9,
        };
        let (from, until) = (stretch.sample.from, stretch.sample.until);
        Some(Self { count: metric.happened(&measured)?, exposure, from, until })
    }

    /// Whether anything could be counted.
    pub(super) fn tells(&self) -> bool {
        self.exposure > 0.0
    }

    fn rate(&self, count: f64) -> f64 {
        count / ((self.until - self.from) as f64 / 1e9)
    }
}

/// How unlikely it is that a window has so few, or so many, at a ratio to the baseline.
fn fewer(seen: &Seen, baseline: &Seen, ratio: f64) -> f64 {
    at_most(seen.count, seen.count + baseline.count, chance(seen, baseline, ratio))
}

fn more(seen: &Seen, baseline: &Seen, ratio: f64) -> f64 {
    at_least(seen.count, seen.count + baseline.count, chance(seen, baseline, ratio))
}

fn chance(seen: &Seen, baseline: &Seen, ratio: f64) -> f64 {
    let weight = ratio.max(0.0) * seen.exposure;
    weight / (weight + baseline.exposure)
}

/// What is likely at a change of the bound, and how unlikely is too unlikely.
struct Bound<'a> {
    baseline: &'a Seen,
    share: f64,
}

impl Bound<'_> {
    /// How unlikely a count is by chance alone, on the side where it is less likely.
    fn chance(&self, seen: &Seen) -> f64 {
        let fewer = fewer(seen, self.baseline, 1.0 - self.share);
        fewer.min(more(seen, self.baseline, 1.0 + self.share))
    }

    /// The least and the greatest count of a window that are not too unlikely.
    fn allowed(&self, seen: &Seen, level: f64) -> (u64, u64) {
        let with = |count| Seen { count, ..*seen };
        let due = (self.due(seen) * (1.0 + self.share)) as u64;
        let least =
            first(due, |count| fewer(&with(count), self.baseline, 1.0 - self.share) >= level);
        let mut most = due.max(16);
        while more(&with(most), self.baseline, 1.0 + self.share) >= level {
            most *= 2;
        }
        let beyond =
            first(most, |count| more(&with(count), self.baseline, 1.0 + self.share) < level);
        (least, beyond.saturating_sub(1))
    }

    fn due(&self, seen: &Seen) -> f64 {
        self.baseline.count as f64 / self.baseline.exposure * seen.exposure
    }

    /// Whether a change of twice the bound is ruled out.
    fn is_kept(&self, whole: &Seen) -> bool {
        let nothing = whole.count == 0 && self.baseline.count == 0;
        nothing
            || (more(whole, self.baseline, 1.0 - 2.0 * self.share) < OVERSIGHTS
                && fewer(whole, self.baseline, 1.0 + 2.0 * self.share) < OVERSIGHTS)
    }
}

/// The first number up to `most` from which on something is true.
fn first(most: u64, is_true: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_true(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

pub(super) fn judge(
    share: f64,
    baseline: &Seen,
    whole: &Seen,
    windows: &[Seen],
) -> Result<Finding, Silent> {
    let bound = Bound { baseline, share };
    let each = FALSE_ALARMS / 4.0 / windows.len() as f64;
    let told = windows.iter().map(|window| (window, each)).chain([(whole, FALSE_ALARMS / 4.0)]);
    let told = told.filter(|(seen, _)| seen.tells());
    let (seen, level, unlikely) = told
        .map(|(seen, level)| (seen, level, bound.chance(seen) / level))
        .min_by(|one, other| one.2.total_cmp(&other.2))
        .ok_or(Silent::During)?;
    let status = match () {
        () if unlikely < 1.0 => CheckStatus::Failed,
        () if bound.is_kept(whole) => CheckStatus::Passed,
        () => CheckStatus::Inconclusive,
    };
    let (least, most) = bound.allowed(seen, level);
    Ok(Finding {
        status,
        measured: seen.rate(seen.count as f64),
        allowed: (seen.rate(least as f64), seen.rate(most as f64)),
        due: seen.rate(bound.due(seen)),
        from: seen.from,
        until: seen.until,
    })
}
