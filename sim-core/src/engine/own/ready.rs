use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Wake;

use super::world::try_with_world;

/// Tasks that were woken, in order.
#[derive(Default)]
pub(super) struct Ready {
    here: RefCell<VecDeque<u32>>,
    abroad: Arc<Abroad>,
}

impl Ready {
    pub(super) fn push(&self, task: u32) {
        self.here.borrow_mut().push_back(task);
    }

    pub(super) fn pop(&self) -> Option<u32> {
        let mut here = self.here.borrow_mut();
        if self.abroad.any.load(Ordering::Acquire) {
            self.abroad.move_to(&mut here);
        }
        here.pop_front()
    }

    /// Everything that is ready.
    pub(super) fn all(&self) -> Vec<u32> {
        self.here.borrow().iter().copied().collect()
    }

    /// What wakes the task in `slot` of the world `world`, whose queue this is.
    pub(super) fn waker(&self, world: u64, slot: u32) -> Arc<TaskWaker> {
        let abroad = Arc::clone(&self.abroad);
        Arc::new(TaskWaker { world, slot, queued: AtomicBool::new(false), abroad })
    }
}

/// Tasks woken on other threads: the only part of a world that those may reach.
#[derive(Default)]
struct Abroad {
    any: AtomicBool,
    woken: Mutex<Vec<u32>>,
}

impl Abroad {
    fn lock(&self) -> MutexGuard<'_, Vec<u32>> {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, task: u32) {
        let mut woken = self.lock();
        woken.push(task);
        self.any.store(true, Ordering::Release);
    }

    #[cold]
    fn move_to(&self, here: &mut VecDeque<u32>) {
        let mut woken = self.lock();
        here.extend(woken.drain(..));
        self.any.store(false, Ordering::Release);
    }
}

/// Wakes the task in one slot.
pub(super) struct TaskWaker {
    world: u64,
    slot: u32,
    queued: AtomicBool,
    abroad: Arc<Abroad>,
}

impl TaskWaker {
    /// Whether the task is to be queued: not if it is already.
    pub(super) fn claim(&self) -> bool {
        !self.queued.swap(true, Ordering::AcqRel)
    }

    /// The task is about to be polled: from here on a wake counts again.
    pub(super) fn begin(&self) {
        self.queued.store(false, Ordering::Release);
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let here = || try_with_world(self.world, |world| world.ready.push(self.slot)).is_some();
        if self.claim() && !here() {
            self.abroad.push(self.slot);
        }
    }
}
