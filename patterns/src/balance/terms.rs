use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A balancer.
    BALANCE = "balance", TimedOut::Waited;
}

terms! { Reason:
    /// There is no endpoint to send to.
    NO_ENDPOINT = "no_endpoint", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "balance",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::BALANCE, Reason::NO_ENDPOINT)],
    ..Policy::EMPTY
};
