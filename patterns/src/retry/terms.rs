use crate::observe::{Count, Happening, Level, Unit};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Count:
    /// A retry did what the tries before it did not.
    RETRY_SUCCEEDED = "retry_succeeded", Happening;
}

terms! { Level:
    /// Retries or hedges that the budget would pay for now.
    BUDGET = "budget", Unit::Calls;
}

pub(crate) const POLICY: Policy = Policy {
    name: "retry",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    counts: &[Count::RETRY_SUCCEEDED],
    levels: &[Level::BUDGET],
    ..Policy::EMPTY
};
