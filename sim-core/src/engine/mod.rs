//! The engines behind the face. A build has one of them.

mod face;
mod here;
#[cfg(madsim)]
mod madsim;
#[cfg(not(madsim))]
mod own;
mod record;

pub use self::face::NodeId;
use self::face::TaskFuture;
pub(crate) use self::face::{Class, NewTask};
pub(crate) use self::here::with_world;
use self::here::{begin, try_with_world};
#[cfg(madsim)]
use self::madsim::World;
#[cfg(madsim)]
pub use self::madsim::{SimTask, Simulation, Sleep};
#[cfg(not(madsim))]
use self::own::World;
#[cfg(not(madsim))]
pub use self::own::{SimTask, Simulation, Sleep};
use self::record::Record;
