//! The second engine: the executor, the clock and the nodes of madsim.
//!
//! madsim polls whatever is ready in a random order, drawn from the seed. It drops the tasks of a
//! killed node some time later and says of a task only that it is gone. So it is given shells: the
//! work itself is kept here, where it can be dropped at once, muted or not, and where its end is
//! known.

mod alarm;
mod clock;
mod driver;
mod kernel;
mod lifecycle;
mod nodes;
mod simulation;
mod sleep;
mod slice;
mod task;
mod waiter;
mod work;
mod world;

pub use self::simulation::Simulation;
pub use self::sleep::Sleep;
pub use self::task::SimTask;
pub use self::waiter::Waiter;
pub(crate) use self::world::{World, call_at, spawn};
