use crate::observe::{Count, Happening, Level, Unit};
use crate::policy::Policy;
use crate::terms::terms;

terms! { Count:
    /// A copy of a call was sent.
    HEDGED = "hedged", Happening;
    /// A copy of a call won against the first.
    HEDGE_WON = "hedge_won", Happening;
    /// A copy was due and the budget did not pay for it.
    HEDGE_DENIED = "hedge_denied", Happening;
}

terms! { Level:
    /// How long a call is waited for before a copy is sent.
    HEDGE_DELAY = "hedge_delay", Unit::Seconds;
}

pub(crate) const POLICY: Policy = Policy {
    name: "hedge",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    counts: &[Count::HEDGED, Count::HEDGE_WON, Count::HEDGE_DENIED],
    levels: &[Level::BUDGET, Level::HEDGE_DELAY],
    ..Policy::EMPTY
};
