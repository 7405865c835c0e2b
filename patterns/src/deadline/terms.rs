use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A timeout by it is that of a call whose deadline had passed when it came, so that it was not
    /// sent.
    DEADLINE = "deadline", TimedOut::NotSent;
}

terms! { Reason:
    /// The deadline of the request has passed.
    EXPIRED = "expired", Sense::Expired;
}

pub(crate) const POLICY: Policy = Policy {
    name: "deadline",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::DEADLINE, Reason::EXPIRED)],
    ..Policy::EMPTY
};
