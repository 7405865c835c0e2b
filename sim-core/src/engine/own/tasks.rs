use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use cascadia_runtime::Ended;

use super::nodes::NodeId;

/// A task's future.
pub(super) type TaskFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tasks that were woken, in order. The only part of a world that other threads may reach.
#[derive(Default)]
pub(super) struct Ready(Mutex<Vec<u32>>);

impl Ready {
    pub(super) fn push(&self, task: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// Moves everything into `batch`, which is empty.
    pub(super) fn take(&self, batch: &mut Vec<u32>) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut *queue, batch);
    }
}

/// Wakes the task in one slot.
pub(super) struct TaskWaker {
    slot: u32,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl TaskWaker {
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
        if !self.queued.swap(true, Ordering::AcqRel) {
            self.ready.push(self.slot);
        }
    }
}

/// A slot of the slab.
pub(super) struct Slot {
    pub(super) generation: u32,
    pub(super) node: NodeId,
    pub(super) state: State,
    pub(super) wake: Arc<TaskWaker>,
    /// `wake` as a waker; the executor borrows it while it polls.
    pub(super) waker: Waker,
    /// Who waits for the task through its handle.
    pub(super) joiner: Option<Waker>,
    /// The handle was dropped: nobody will ask how the task ended.
    pub(super) detached: bool,
    pub(super) previous: Option<u32>,
    pub(super) next: Option<u32>,
}

pub(super) enum State {
    Vacant,
    /// Waiting for a wake.
    Waiting(TaskFuture),
    /// Being polled; the executor holds the future.
    Running,
    /// Being polled, and ended from outside meanwhile.
    Doomed(Ended),
    /// Ended, and the handle has not asked yet.
    Ended(Result<(), Ended>),
}

/// The slab of tasks. Slots and wakers are used again, so a steady state allocates only futures.
#[derive(Default)]
pub(super) struct Tasks {
    pub(super) slots: Vec<Slot>,
    free: Vec<u32>,
    ready: Arc<Ready>,
}

impl Tasks {
    pub(super) fn ready(&self) -> Arc<Ready> {
        Arc::clone(&self.ready)
    }

    /// Puts a task into a slot and makes it ready.
    pub(super) fn insert(&mut self, node: NodeId, future: TaskFuture) -> u32 {
        let index = self.free.pop().unwrap_or_else(|| self.grow());
        let slot = &mut self.slots[index as usize];
        slot.node = node;
        slot.state = State::Waiting(future);
        slot.detached = false;
        if Arc::strong_count(&slot.wake) > 2 {
            slot.wake = new_waker(index, &self.ready);
            slot.waker = Waker::from(Arc::clone(&slot.wake));
        }
        slot.wake.wake_by_ref();
        index
    }

    /// Gives the slot back.
    pub(super) fn remove(&mut self, index: u32) {
        let slot = &mut self.slots[index as usize];
        slot.state = State::Vacant;
        slot.generation = slot.generation.wrapping_add(1);
        slot.joiner = None;
        self.free.push(index);
    }

    fn grow(&mut self) -> u32 {
        let index = u32::try_from(self.slots.len()).expect("fewer than 2³² tasks live at once");
        let wake = new_waker(index, &self.ready);
        self.slots.push(Slot {
            generation: 0,
            node: NodeId::WORLD,
            state: State::Vacant,
            waker: Waker::from(Arc::clone(&wake)),
            wake,
            joiner: None,
            detached: false,
            previous: None,
            next: None,
        });
        index
    }
}

fn new_waker(slot: u32, ready: &Arc<Ready>) -> Arc<TaskWaker> {
    Arc::new(TaskWaker { slot, queued: AtomicBool::new(false), ready: Arc::clone(ready) })
}
