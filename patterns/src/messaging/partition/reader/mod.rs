//! What a group does in a partition.

mod deadlines;
mod deliver;
mod drop;
mod keys;
mod place;
mod settings;
mod settle;
mod state;
mod time;
mod window;

pub use self::deliver::{Handed, MOST_PARKED};
pub use self::settings::ReaderSettings;
pub(super) use self::state::Reader;
