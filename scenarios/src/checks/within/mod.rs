//! Whether a metric stays within a share of what it was before the first fault.
//!
//! A load that draws its arrivals at random measures another value in every window, however healthy
//! it is, and who holds each window against a bound alone will find one beyond it sooner or later.
//! So chance is left out of the verdict: however many windows there are, at most one in a hundred
//! healthy runs fails, and a run only passes where a change of twice the bound would have been seen
//! in nineteen of twenty. What neither shows is inconclusive.
//!
//! Requests are counted, and counts have a law of their own ([`counts`]); how anything else scatters
//! is learnt from the windows before the first fault ([`scatter`]). `docs/verdicts.md` has the
//! formulas.

mod counts;
mod finding;
mod scatter;
#[cfg(test)]
mod tests;

use cascadia_models::measure::ProbeMeasured;
use cascadia_models::measure::metrics::{Exposure, Metric};

pub(super) use self::finding::{Finding, Silent, Stretch};

/// What is held against what, by probes of a plan.
#[derive(Clone, Debug)]
pub(super) struct Within {
    pub(super) share: f64,
    pub(super) by: By,
    /// Each whole window.
    pub(super) windows: Vec<Stretch>,
}

/// How it is judged.
#[derive(Clone, Debug)]
pub(super) enum By {
    /// By counts, which grow with an exposure: before the first fault, and in all windows together.
    Counts { exposure: Exposure, baseline: Stretch, whole: Stretch },
    /// By how the windows before the first fault scatter.
    Scatter { baseline: Vec<Stretch> },
}

impl Within {
    pub(super) fn judge(
        &self,
        metric: &Metric,
        probes: &[ProbeMeasured],
    ) -> Result<Finding, Silent> {
        match &self.by {
            By::Counts { exposure, baseline, whole } => {
                let seen = |stretch: &Stretch| counts::Seen::of(stretch, metric, *exposure, probes);
                let baseline = seen(baseline).filter(counts::Seen::tells).ok_or(Silent::Before)?;
                let whole = seen(whole).ok_or(Silent::During)?;
                let windows: Option<Vec<_>> = self.windows.iter().map(seen).collect();
                counts::judge(self.share, &baseline, &whole, &windows.ok_or(Silent::During)?)
            }
            By::Scatter { baseline } => {
                let seen = |stretch: &Stretch| scatter::Seen::of(stretch, metric, probes);
                let baseline: Option<Vec<_>> = baseline.iter().map(seen).collect();
                let windows: Vec<_> = self.windows.iter().map(seen).collect();
                scatter::judge(self.share, &baseline.ok_or(Silent::Before)?, &windows)
            }
        }
    }
}
