use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::madsim::task::JoinHandle;
use cascadia_runtime::{Ended, Task};

use super::work::Work;
use crate::engine::{try_with_world, with_world};

/// A task of the simulated world. Dropping the handle detaches the task.
pub struct SimTask {
    world: u64,
    /// `None` for a task that was dropped when it was spawned, or whose end was told.
    task: Option<Spawned>,
}

/// A task that runs.
pub(crate) struct Spawned {
    pub(super) work: Arc<Work>,
    pub(super) shell: JoinHandle<()>,
}

impl SimTask {
    pub(crate) const fn new(world: u64, task: Option<Spawned>) -> Self {
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
        if let Some(task) = &self.task {
            with_world(self.world, |world| world.abort(&task.work));
            task.shell.abort();
        }
    }
}

impl Future for SimTask {
    type Output = Result<(), Ended>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(task) = &self.task else { return Poll::Ready(Err(Ended::Killed)) };
        let result = with_world(self.world, |_| task.work.join(context.waker()));
        if result.is_ready() {
            self.task = None;
        }
        result
    }
}

impl Drop for SimTask {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            try_with_world(self.world, |_| task.work.detach());
        }
    }
}
