//! What a run measures.
//!
//! Counters and time integrals grow from the beginning to the end; at the boundaries of every
//! window that somebody wants they are copied, so any window is an exact difference of two
//! copies and memory does not grow with requests. What happens at a boundary belongs to the window
//! that begins there, and at the end of the run to the one that ends there.

mod causes;
mod component;
mod counters;
mod gauge;
mod lanes;
mod load;
mod measured;
pub mod metrics;
mod policies;
mod replica;
mod service;
mod windows;

pub(crate) use self::component::ComponentMeter;
pub(crate) use self::lanes::Lanes;
pub(crate) use self::load::{LoadMeter, Ticket};
pub(crate) use self::policies::{Policies, Reporter};
pub(crate) use self::service::ServiceMeter;
pub(crate) use self::windows::boundaries;

pub use self::causes::{Causes, Failures};
pub use self::component::ComponentMeasured;
pub use self::counters::{
    Answers, Count, Counts, LayerCounters, LoadCounters, ServiceCounters, StoreCounts,
};
pub use self::lanes::{Lane, LaneChange};
pub use self::load::{LoadMeasured, Slowest, Tally};
pub use self::measured::{Measured, ProbeMeasured};
pub use self::policies::{Happened, HappenedOften, LayerMeasured, LevelMeasured, LevelRange};
pub use self::replica::ReplicaMeasured;
pub use self::service::ServiceMeasured;
pub use self::windows::Windows;
pub use crate::blame::{Blame, Stage, Why};
pub use crate::component::Invariant;
pub use crate::exchange::{Cause, Ended, Outcomes};
