use std::task::{RawWakerVTable, Waker};

use super::tasks::TaskId;
use super::world::World;

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
