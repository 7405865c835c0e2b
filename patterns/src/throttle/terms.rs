use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::Level;
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A throttle.
    THROTTLE = "throttle", TimedOut::Waited;
}

terms! { Reason:
    /// Too little of what is sent is accepted.
    THROTTLED = "throttled", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "throttle",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::THROTTLE, Reason::THROTTLED)],
    levels: &[Level::REFUSED],
    ..Policy::EMPTY
};
