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

use std::sync::Arc;

use cascadia_runtime::Disk;

pub(crate) use self::drive::Drive;
use self::open::Access;
pub use self::settings::DiskPlan;

/// What is wrong with a disk while a fault lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// Everything takes so many times as long, which has begun meanwhile.
    Slow(f64),
    /// It holds no more than it does when this begins.
    Full,
    /// When this begins, the last sector of one of its files is spoilt, for good.
    Corrupt,
}

impl Drive {
    /// It, for the life that goes on.
    pub(crate) fn open(self: &Arc<Self>) -> Arc<dyn Disk> {
        Arc::new(Access::new(self))
    }
}
