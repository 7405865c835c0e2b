use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use cascadia_runtime::{Ended, Task};

use super::target::Target;
use super::tasks::{State, TaskId};
use super::world::World;
use crate::engine::{try_with_world, with_world};

/// A task of the simulated world. Dropping the handle detaches the task.
pub struct SimTask {
    world: u64,
    /// `None` for a task that was dropped when it was spawned, or whose end was told.
    task: Option<TaskId>,
}

impl SimTask {
    pub(crate) const fn new(world: u64, task: Option<TaskId>) -> Self {
        Self { world, task }
    }
}

impl fmt::Debug for SimTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimTask").finish_non_exhaustive()
    }
}

impl Task for SimTask {
    fn abort(&self) {
        if let Some(task) = self.task {
            with_world(self.world, |world| world.abort(task));
        }
    }
}

impl Future for SimTask {
    type Output = Result<(), Ended>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(task) = self.task else { return Poll::Ready(Err(Ended::Killed)) };
        let result = with_world(self.world, |world| {
            if let Some(result) = world.kernel.borrow_mut().tasks.reap(task) {
                return Poll::Ready(result);
            }
            let joiner = Target::new(world, context.waker());
            let before = world.kernel.borrow_mut().tasks.rest(task.slot).joiner.replace(joiner);
            drop(before);
            Poll::Pending
        });
        if result.is_ready() {
            self.task = None;
        }
        result
    }
}

impl Drop for SimTask {
    fn drop(&mut self) {
        let Some(task) = self.task else { return };
        let detach = |world: &World| {
            let tasks = &mut world.kernel.borrow_mut().tasks;
            let slot = tasks.slot(task.slot);
            slot.detached = true;
            if matches!(slot.state, State::Ended(_)) {
                tasks.remove(task.slot);
            }
            tasks.rest(task.slot).joiner.take()
        };
        drop(try_with_world(self.world, detach));
    }
}
