use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Waker;

use cascadia_runtime::Ended;

use super::nodes::NodeId;
use super::ready::TaskWaker;

/// A task's future.
pub(super) type TaskFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A slot of the slab.
pub(super) struct Slot {
    pub(super) generation: u32,
    pub(super) node: NodeId,
    pub(super) state: State,
    /// The work of a task that waits.
    pub(super) future: Option<TaskFuture>,
    pub(super) wake: Arc<TaskWaker>,
    /// `wake` as a waker; the executor holds it while it polls.
    pub(super) waker: Option<Waker>,
    /// Who waits for the task through its handle.
    pub(super) joiner: Option<Waker>,
    /// The handle was dropped: nobody will ask how the task ended.
    pub(super) detached: bool,
    pub(super) previous: Option<u32>,
    pub(super) next: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Vacant,
    /// Waiting for a wake.
    Waiting,
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
}

impl Tasks {
    /// Puts a task into a slot; `waker` makes the waker of a slot. The task is to be woken.
    pub(super) fn insert(
        &mut self,
        node: NodeId,
        future: TaskFuture,
        waker: impl FnOnce(u32) -> Arc<TaskWaker>,
    ) -> u32 {
        let Some(index) = self.free.pop() else { return self.grow(node, future, waker) };
        let slot = &mut self.slots[index as usize];
        slot.node = node;
        slot.state = State::Waiting;
        slot.future = Some(future);
        slot.detached = false;
        if Arc::strong_count(&slot.wake) > 2 {
            slot.wake = waker(index);
            slot.waker = Some(Waker::from(Arc::clone(&slot.wake)));
        }
        index
    }

    fn grow(
        &mut self,
        node: NodeId,
        future: TaskFuture,
        waker: impl FnOnce(u32) -> Arc<TaskWaker>,
    ) -> u32 {
        let index = u32::try_from(self.slots.len()).expect("fewer than 2³² tasks live at once");
        let wake = waker(index);
        self.slots.push(Slot {
            generation: 0,
            node,
            state: State::Waiting,
            future: Some(future),
            waker: Some(Waker::from(Arc::clone(&wake))),
            wake,
            joiner: None,
            detached: false,
            previous: None,
            next: None,
        });
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
}
