use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use cascadia_runtime::{Ended, Task};

use super::tasks::State;
use super::world::{try_with_world, with_world};

/// A task of the simulated world. Dropping the handle detaches the task.
pub struct SimTask {
    world: u64,
    /// Slot and generation; `None` for a task that was dropped when it was spawned.
    slot: Option<(u32, u32)>,
}

impl SimTask {
    pub(crate) const fn new(world: u64, slot: Option<(u32, u32)>) -> Self {
        Self { world, slot }
    }
}

impl fmt::Debug for SimTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimTask").finish_non_exhaustive()
    }
}

impl Task for SimTask {
    fn abort(&self) {
        if let Some((index, generation)) = self.slot {
            with_world(self.world, |world| world.abort(index, generation));
        }
    }
}

impl Future for SimTask {
    type Output = Result<(), Ended>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some((index, _)) = self.slot else { return Poll::Ready(Err(Ended::Killed)) };
        let result = with_world(self.world, |world| {
            let mut tasks = world.tasks.borrow_mut();
            let slot = &mut tasks.slots[index as usize];
            if let State::Ended(result) = slot.state {
                tasks.remove(index);
                return Poll::Ready(result);
            }
            match &mut slot.joiner {
                Some(held) => held.clone_from(context.waker()),
                empty => *empty = Some(context.waker().clone()),
            }
            Poll::Pending
        });
        if result.is_ready() {
            self.slot = None;
        }
        result
    }
}

impl Drop for SimTask {
    fn drop(&mut self) {
        let Some((index, _)) = self.slot else { return };
        try_with_world(self.world, |world| {
            let mut tasks = world.tasks.borrow_mut();
            let slot = &mut tasks.slots[index as usize];
            slot.detached = true;
            let joiner = slot.joiner.take();
            if matches!(slot.state, State::Ended(_)) {
                tasks.remove(index);
            }
            drop(tasks);
            drop(joiner);
        });
    }
}
