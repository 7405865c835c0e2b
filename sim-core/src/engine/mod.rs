//! The engines behind the face.

mod own;

pub(crate) use self::own::{Class, call_at, spawn, with_world};
pub use self::own::{NodeId, SimTask, Simulation, Sleep, Waiter};
