use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Count:
    /// A call was answered by its fallback.
    FELL_BACK = "fell_back", Happening;
    /// A call failed and its fallback had no answer either.
    FALLBACK_FAILED = "fallback_failed", Happening;
}

pub(crate) const POLICY: Policy = Policy {
    name: "fallback",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    counts: &[Count::FELL_BACK, Count::FALLBACK_FAILED],
    ..Policy::EMPTY
};
