//! The engines behind the face. A build has one of them.

mod face;
mod here;
mod own;
mod record;

pub use self::face::NodeId;
use self::face::TaskFuture;
pub(crate) use self::face::{Class, NewTask};
pub(crate) use self::here::with_world;
use self::here::{begin, try_with_world};
use self::own::World;
pub use self::own::{SimTask, Simulation, Sleep};
use self::record::Record;
