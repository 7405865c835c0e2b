use cascadia_runtime::Time;

use super::{Instance, LoadId};
use crate::laws::Law;

/// Something that goes wrong for a while.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    /// Its name.
    pub name: String,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// What it does.
    pub effect: Effect,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Work takes longer.
    Slow {
        /// Whom it hits.
        target: Target,
        /// How many times longer.
        factor: f64,
        /// Which work.
        mode: SlowMode,
    },
    /// Instances stop without a word and come back empty.
    Crash {
        /// Whom it hits.
        target: Target,
    },
    /// Requests are answered with an error on arrival.
    Errors {
        /// Whom it hits.
        target: Target,
        /// The share of requests.
        rate: f64,
    },
    /// Messages take longer.
    Latency {
        /// One side.
        from: Side,
        /// The other side.
        to: Side,
        /// Added to every message, either way.
        add: Option<Law>,
        /// Times the latency of the link.
        factor: f64,
    },
    /// Messages are lost without a trace.
    Loss {
        /// One side.
        from: Side,
        /// The other side.
        to: Side,
        /// The share of messages, either way.
        rate: f64,
    },
    /// No message comes through; callers hang, they are not refused.
    Partition {
        /// One side.
        from: Side,
        /// The other side.
        to: Side,
        /// Also from `to` to `from`.
        both: bool,
    },
}

/// Which work a slow-down stretches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowMode {
    /// Work begun while the fault lasts, to its end.
    Start,
    /// All work in progress while the fault lasts, and only that long.
    Rate,
}

/// Instances that a fault hits.
#[derive(Clone, Debug)]
pub struct Target {
    /// Those that match the selector, in order; never empty.
    pub candidates: Vec<Instance>,
    /// How many of them.
    pub pick: Pick,
}

/// How many candidates a fault hits. Which ones is drawn from the fault's own stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pick {
    /// All.
    All,
    /// One.
    One,
    /// This share, rounded up.
    Share(f64),
}

/// One side of a link fault; `None` is everybody.
#[derive(Clone, Debug)]
pub struct Side(pub Option<Vec<Party>>);

/// Somebody who sends or receives messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A source of load.
    Load(LoadId),
    /// A replica.
    Instance(Instance),
}
