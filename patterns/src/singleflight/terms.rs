use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Count:
    /// A call waited for the answer of one that was under way.
    SHARED = "shared", Happening;
    /// Whoever had made a call left, and one that waited for it went on with it.
    TAKEN_OVER = "taken_over", Happening;
}

pub(crate) const POLICY: Policy = Policy {
    name: "singleflight",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    counts: &[Count::SHARED, Count::TAKEN_OVER],
    ..Policy::EMPTY
};
