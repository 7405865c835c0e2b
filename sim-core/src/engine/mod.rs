//! The engines behind the face.

mod own;

pub(crate) use self::own::{Class, with_world};
pub use self::own::{NodeId, SimTask, Simulation, Sleep};
