//! Our own engine: single-threaded, exact to the nanosecond.

mod kernel;
mod lifecycle;
mod nodes;
mod poll;
mod prefetch;
mod queue;
mod ready;
mod simulation;
mod sleep;
mod target;
mod task;
mod tasks;
mod waker;
mod work;
mod world;

pub use self::nodes::NodeId;
pub(crate) use self::queue::Class;
pub use self::simulation::Simulation;
pub use self::sleep::Sleep;
pub use self::task::SimTask;
pub(crate) use self::world::with_world;
