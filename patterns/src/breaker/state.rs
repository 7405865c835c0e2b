use crate::observe::{BreakerState, Signal};

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The state before.
    pub from: BreakerState,
    /// The state after.
    pub to: BreakerState,
}

impl From<Transition> for Signal<'_> {
    fn from(Transition { from, to }: Transition) -> Self {
        Self::Breaker { from, to }
    }
}

/// What a hand may do to a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manual {
    /// Let it work by itself; it begins closed, remembering nothing.
    Automatic,
    /// Refuse every call.
    ForcedOpen,
    /// Admit every call and count nothing.
    Disabled,
    /// Admit every call and count, but never open.
    MetricsOnly,
}

/// A breaker at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// Its state.
    pub state: BreakerState,
    /// How often the state has changed.
    pub generation: u64,
    /// Openings since it was last closed.
    pub openings: u32,
    /// Outcomes in the window, by weight.
    pub calls: f64,
    /// The share of failures among them.
    pub failure_rate: f64,
    /// The share of slow calls among them.
    pub slow_rate: f64,
    /// Failures since the last success, where they are counted.
    pub consecutive: u32,
    /// Outcomes that came after their generation had ended.
    pub late_outcomes: u64,
}
