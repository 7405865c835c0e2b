use crate::call::{Layer, Reason, TimedOut};
use crate::observe::{Level, Unit};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A limit that finds itself.
    LIMIT = "limit", TimedOut::Waited;
}

terms! { Level:
    /// Calls that may be under way at once.
    LIMIT = "limit", Unit::Calls;
}

pub(crate) const POLICY: Policy = Policy {
    name: "limit",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::LIMIT, Reason::FULL)],
    levels: &[Level::LIMIT],
    ..Policy::EMPTY
};
