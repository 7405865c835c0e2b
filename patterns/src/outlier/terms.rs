use crate::observe::{Count, Happening, Level, Unit};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Count:
    /// An endpoint was found to be an outlier and stays, for too many are ejected already.
    EJECTION_DENIED = "ejection_denied", Happening;
}

terms! { Level:
    /// Endpoints that are ejected.
    EJECTED = "ejected", Unit::Endpoints;
}

pub(crate) const POLICY: Policy = Policy {
    name: "outlier",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    counts: &[Count::EJECTION_DENIED],
    levels: &[Level::EJECTED],
    ..Policy::EMPTY
};
