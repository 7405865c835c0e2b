//! Stores: services that keep rows, of which each has a version.
//!
//! A store is a service whose endpoints read and write; queues, workers, policies, links and faults are
//! those of every service. What a request brings for it is an [`Ask`], and the version that it answers
//! is part of the [`Content`](crate::exchange::Content). Rows survive crashes.
//!
//! Whatever was written is remembered, so a store grows with the number of its rows.

mod ask;
mod keeper;
mod settings;
mod standby;

pub(crate) use self::ask::Ask;
pub(crate) use self::keeper::{Conflict, Keeper, Told};
pub use self::settings::{Access, Act, Keeping, Role, RowOf, StorePlan};
