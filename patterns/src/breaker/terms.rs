use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Layer:
    /// A circuit breaker.
    BREAKER = "breaker", TimedOut::Waited;
}

terms! { Reason:
    /// The circuit is open.
    OPEN = "open", Sense::ShortCircuit { rests: true };
    /// The circuit is half-open and its probes are taken.
    PROBES_TAKEN = "probes_taken", Sense::ShortCircuit { rests: false };
}

terms! { Count:
    /// An outcome came after the state that admitted its call had ended.
    LATE_OUTCOME = "late_outcome", Happening;
    /// A call was admitted to find out whether an open circuit may close.
    PROBE = "probe", Happening;
    /// A circuit that only counts would have opened.
    WOULD_OPEN = "would_open", Happening;
}

pub(crate) const POLICY: Policy = Policy {
    name: "breaker",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    reasons: &[(Layer::BREAKER, Reason::OPEN), (Layer::BREAKER, Reason::PROBES_TAKEN)],
    counts: &[Count::LATE_OUTCOME, Count::PROBE, Count::WOULD_OPEN],
    ..Policy::EMPTY
};
