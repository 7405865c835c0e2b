//! Our own engine: single-threaded, exact to the nanosecond.

mod block;
mod callback;
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
mod world;

pub(crate) use self::callback::call_at;
pub use self::simulation::Simulation;
pub use self::sleep::Sleep;
pub use self::target::Waiter;
pub use self::task::SimTask;
pub(crate) use self::world::{World, spawn};
