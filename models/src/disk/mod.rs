//! The disks of places: what outlives whoever lives there.
//!
//! # The problem
//!
//! A store is right if everything that it has acknowledged is there after the power went at the worst
//! moment. That moment lies within a sync, which takes longer than all else that a store does, and no
//! test with real files meets it: what was written stays in the memory of a kernel that did not die. So a
//! disk here takes its time, one thing after the other, and each change is done at an instant of its
//! own. A machine that dies before that has not done it, and loses of what was not synced all, a tail or
//! sectors here and there; a process that dies leaves to the kernel what it had written.
//!
//! # Determinism
//!
//! How long things take and what is lost is drawn by the place, the first in the order in which things are
//! asked for. Nothing else draws from there.

mod drive;
mod open;
mod settings;
mod trouble;

pub(crate) use self::drive::Drive;
pub use self::settings::DiskPlan;
pub use self::trouble::Trouble;
