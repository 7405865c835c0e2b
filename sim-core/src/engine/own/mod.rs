//! Our own engine: single-threaded, exact to the nanosecond.

mod lifecycle;
mod nodes;
mod ready;
mod simulation;
mod sleep;
mod task;
mod tasks;
mod timers;
mod world;

pub use self::nodes::NodeId;
pub use self::simulation::Simulation;
pub use self::sleep::Sleep;
pub use self::task::SimTask;
pub(crate) use self::timers::Class;
pub(crate) use self::world::with_world;
