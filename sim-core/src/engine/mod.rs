//! The engines behind the face. A build has one of them.

mod blocking;
mod face;
mod here;
#[cfg(madsim)]
mod madsim;
#[cfg(not(madsim))]
mod own;
mod record;
mod sim;
mod turns;
mod walls;

use self::blocking::Blocking;
pub use self::face::NodeId;
pub(crate) use self::face::{Caller, Class};
pub(crate) use self::here::with_world;
use self::here::{begin, try_with_world};
#[cfg(madsim)]
use self::madsim::World;
#[cfg(madsim)]
pub use self::madsim::{SimTask, Simulation, Sleep, Waiter};
#[cfg(madsim)]
pub(crate) use self::madsim::{call_at, spawn};
#[cfg(not(madsim))]
use self::own::World;
#[cfg(not(madsim))]
pub use self::own::{SimTask, Simulation, Sleep, Waiter};
#[cfg(not(madsim))]
pub(crate) use self::own::{call_at, spawn};
use self::record::Record;
pub use self::sim::Sim;
use self::turns::{Endless, Turns};
use self::walls::Walls;
