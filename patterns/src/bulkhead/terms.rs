use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A bulkhead.
    BULKHEAD = "bulkhead", TimedOut::Waited;
}

terms! { Reason:
    /// A permit was waited for too long.
    WAITED_TOO_LONG = "waited_too_long", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "bulkhead",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    files: Some(&["bulkhead", "thread_pool"]),
    reasons: &[(Layer::BULKHEAD, Reason::FULL), (Layer::BULKHEAD, Reason::WAITED_TOO_LONG)],
    ..Policy::EMPTY
};
