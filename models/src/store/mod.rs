//! Stores: services that keep rows, of which each has a version.
//!
//! A store is a service whose endpoints read and write; queues, workers, policies, links and faults are
//! those of every service. What a request brings for it is an [`Ask`], and the version that it answers
//! is part of the [`Content`](crate::exchange::Content). Rows survive crashes: here as memory that no
//! fault reaches, and those of replicas that elect who leads on the disks of [`elected`](crate::elected).
//!
//! Whatever was written is remembered, so a store grows with the number of its rows.

mod ask;
mod command;
mod conflict;
mod elected;
mod errand;
mod keeper;
mod locks;
mod settings;
mod standby;

pub(crate) use self::ask::{Ask, Once};
pub use self::ask::{Asked, Inside};
pub(crate) use self::command::{Applied, Command, Part};
pub(crate) use self::conflict::Conflict;
pub use self::elected::ElectedPlan;
pub(crate) use self::errand::{Errand, Wanted};
pub(crate) use self::keeper::{Keeper, Told};
pub(crate) use self::locks::{Holder, Locks};
pub use self::settings::{Access, Act, Keeping, Role, RowOf, StorePlan};
