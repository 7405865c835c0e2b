use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Failure};
use cascadia_runtime::Wall;
use cascadia_sim_core::Sim;

use super::log::Log;
use crate::exchange::{Route, ServiceError, Status};
use crate::store::{Act, Conflict, Keeper, Told};

/// A replica of a store.
pub(crate) struct Member<'a> {
    /// What it keeps with the others.
    pub(crate) keeper: &'a Arc<Keeper>,
    pub(crate) sim: Sim,
    /// What time it is by its wall clock.
    pub(crate) wall: Wall,
    /// Which of them it is.
    pub(crate) number: u32,
    /// The ways to all of them.
    pub(crate) members: Arc<[Route]>,
    /// The log by which it keeps rows, if it does so.
    pub(crate) log: Option<&'a dyn Log>,
    /// Counts what is told to who asked.
    pub(crate) count: Box<dyn Fn(Told) + Send + Sync>,
    /// Lets what is asked of them go on when nobody waits for it any more.
    pub(crate) leave: Box<dyn Fn(BoxFuture<()>) + Send + Sync>,
}

impl Member<'_> {
    /// It is answered. `before` was the newest acknowledged version when it began.
    pub(super) fn tell(&self, act: Act, row: u64, (before, version): (u64, u64)) -> u64 {
        match act {
            Act::Read => (self.count)(Told::Read { is_stale: version < before }),
            Act::Write | Act::Compare | Act::Transact => {
                self.keeper.acknowledge(row, version);
                (self.count)(Told::Written);
            }
        }
        version
    }
}

/// Somebody else was there before, which is told.
pub(super) fn conflict(_: Conflict, member: &Member<'_>) -> Failure<ServiceError> {
    (member.count)(Told::Conflict);
    Failure::Service(ServiceError::called(Status::CONFLICT))
}
