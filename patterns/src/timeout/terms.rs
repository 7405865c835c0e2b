use crate::call::{Layer, TimedOut};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// It stopped waiting.
    TIMEOUT = "timeout", TimedOut::Waited;
    /// The connection was not accepted in time, or nothing came over it for too long.
    CONNECTION = "connection", TimedOut::Waited;
}

pub(crate) const POLICY: Policy = Policy {
    name: "timeout",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    ..Policy::EMPTY
};
