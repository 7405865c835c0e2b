use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::Level;
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// What refuses some under overload.
    SHED = "shedder", TimedOut::Waited;
}

terms! { Reason:
    /// There is more work than can be done, and other work matters more.
    OVERLOADED = "overloaded", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "shed",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::SHED, Reason::FULL), (Layer::SHED, Reason::OVERLOADED)],
    levels: &[Level::REFUSED],
    ..Policy::EMPTY
};
