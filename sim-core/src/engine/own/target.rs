use std::fmt;
use std::task::{Context, RawWakerVTable, Waker};

use super::tasks::TaskId;
use super::world::World;
use crate::engine::{try_with_world, with_world};

/// Who is to be woken.
pub(crate) enum Target {
    /// A task of this world. Naming it is free, where a clone of its waker counts atomically.
    Task(TaskId),
    /// Something between the sleeper and its task, or outside.
    Waker(Waker),
}

/// The task that is being polled, and how its waker is known.
#[derive(Clone, Copy)]
pub(super) struct Polling {
    data: *const (),
    vtable: &'static RawWakerVTable,
    task: TaskId,
}

impl Polling {
    pub(super) fn new(task: TaskId, waker: &Waker) -> Self {
        Self { data: waker.data(), vtable: waker.vtable(), task }
    }

    pub(super) fn task(self) -> TaskId {
        self.task
    }

    fn is_woken_by(&self, waker: &Waker) -> bool {
        self.data == waker.data() && std::ptr::eq(self.vtable, waker.vtable())
    }
}

impl Target {
    /// What `waker` wakes.
    pub(super) fn new(world: &World, waker: &Waker) -> Self {
        match world.polling.get() {
            Some(polling) if polling.is_woken_by(waker) => Self::Task(polling.task),
            _ => Self::Waker(waker.clone()),
        }
    }
}

/// A waker for what stays in its world: one that costs nothing to make where it names a task.
pub struct Waiter {
    world: u64,
    target: Target,
}

impl Waiter {
    pub(crate) fn new(world: u64, context: &Context<'_>) -> Self {
        Self { world, target: with_world(world, |world| Target::new(world, context.waker())) }
    }

    /// Wakes who waits.
    pub fn wake(self) {
        match self.target {
            Target::Waker(waker) => waker.wake(),
            Target::Task(task) => {
                try_with_world(self.world, |world| world.kernel.borrow_mut().wake(task));
            }
        }
    }
}

impl fmt::Debug for Waiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").finish_non_exhaustive()
    }
}
