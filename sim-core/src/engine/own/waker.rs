use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Wake;

use super::tasks::TaskId;
use crate::engine::try_with_world;

/// Tasks woken on other threads: the only part of a world that those may reach.
#[derive(Default)]
pub(super) struct Abroad {
    any: AtomicBool,
    woken: Mutex<Vec<TaskId>>,
}

impl Abroad {
    /// Whether a look is worthwhile.
    pub(super) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Hands out the tasks woken so far.
    #[cold]
    pub(super) fn take(&self) -> Vec<TaskId> {
        let mut woken = self.lock();
        self.any.store(false, Ordering::Release);
        std::mem::take(&mut *woken)
    }

    fn push(&self, task: TaskId) {
        let mut woken = self.lock();
        woken.push(task);
        self.any.store(true, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<TaskId>> {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes the task in one slot. Whoever keeps a clone for longer than the task wakes nobody.
pub(super) struct TaskWaker {
    world: u64,
    slot: u32,
    generation: AtomicU32,
    abroad: Arc<Abroad>,
}

impl TaskWaker {
    pub(super) fn new(world: u64, task: TaskId, abroad: &Arc<Abroad>) -> Arc<Self> {
        let generation = AtomicU32::new(task.generation);
        Arc::new(Self { world, slot: task.slot, generation, abroad: Arc::clone(abroad) })
    }

    /// Makes a waker that nobody else holds wake the next task of its slot.
    pub(super) fn renew(&self, generation: u32) {
        self.generation.store(generation, Ordering::Relaxed);
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let generation = self.generation.load(Ordering::Relaxed);
        let task = TaskId { slot: self.slot, generation };
        if try_with_world(self.world, |world| world.kernel.borrow_mut().wake(task)).is_none() {
            self.abroad.push(task);
        }
    }
}
