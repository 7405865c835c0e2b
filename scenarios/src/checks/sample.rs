use std::borrow::Cow;

use cascadia_models::measure::ProbeMeasured;

/// A stretch of time in which the subject of a check is measured.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// Where its probes are in the plan: one, or that of each load.
    pub(super) probes: Vec<usize>,
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Sample {
    pub(super) fn nanos(&self) -> u64 {
        self.until.saturating_sub(self.from)
    }

    /// What was measured, of several loads together.
    pub(super) fn of<'a>(&self, probes: &'a [ProbeMeasured]) -> Option<Cow<'a, ProbeMeasured>> {
        let mut all = self.probes.iter().map(|probe| probes.get(*probe));
        let first = Cow::Borrowed(all.next()??);
        all.try_fold(first, |sum, next| Some(Cow::Owned(sum.into_owned().merge(next?)?)))
    }
}
