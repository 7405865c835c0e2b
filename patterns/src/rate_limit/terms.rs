use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A limit on the rate of calls.
    RATE_LIMIT = "rate_limit", TimedOut::Waited;
}

terms! { Reason:
    /// So many calls have passed that this one must come later.
    RATE_LIMITED = "rate_limited", Sense::TooOften;
}

pub(crate) const POLICY: Policy = Policy {
    name: "rate_limit",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::RATE_LIMIT, Reason::RATE_LIMITED)],
    ..Policy::EMPTY
};
