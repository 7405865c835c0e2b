use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::Waker;

use cascadia_runtime::Ended;

use super::block::Placed;
use super::prefetch::prefetch;
use super::target::Target;
use super::waker::{Abroad, TaskWaker};
use crate::engine::{Caller, NodeId};

/// The work of a task.
pub(super) type Work = Placed<TaskFuture>;

/// A future of a task.
pub(super) type TaskFuture = dyn Future<Output = ()> + Send;

/// Names a task; of no effect once that task is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskId {
    pub(super) slot: u32,
    pub(super) generation: u32,
}

/// The slab of tasks. Slots and wakers are used again, so a steady state allocates only futures.
pub(super) struct Tasks {
    slots: Vec<Slot>,
    rest: Vec<Rest>,
    free: Vec<u32>,
    spawned: u64,
    /// What wakers of this slab are made with.
    world: u64,
    pub(super) abroad: Arc<Abroad>,
}

/// What a poll needs of a task, in one cache line.
#[repr(align(64))]
pub(super) struct Slot {
    pub(super) work: Option<Work>,
    pub(super) waker: Waker,
    /// What `waker` is made of.
    wake: Arc<TaskWaker>,
    pub(super) generation: u32,
    pub(super) node: NodeId,
    pub(super) state: State,
    /// It is to be polled.
    pub(super) queued: bool,
    /// The handle was dropped: nobody will ask how the task ended.
    pub(super) detached: bool,
}

/// What is seldom needed of a task.
pub(super) struct Rest {
    /// Who waits for the task through its handle.
    pub(super) joiner: Option<Target>,
    pub(super) spawned: Caller,
    /// How many tasks were spawned before it.
    born: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Vacant,
    /// Waiting for a wake.
    Waiting,
    /// Being polled.
    Running,
    /// Being polled, and ended from outside meanwhile.
    Doomed(Ended),
    /// Ended, and the handle has not asked yet.
    Ended(Result<(), Ended>),
}

impl State {
    fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Doomed(_))
    }
}

impl Tasks {
    pub(super) fn new(world: u64) -> Self {
        Self {
            slots: Vec::new(),
            rest: Vec::new(),
            free: Vec::new(),
            spawned: 0,
            world,
            abroad: Arc::default(),
        }
    }

    /// Puts a task that is to be polled into a slot.
    pub(super) fn insert(&mut self, node: NodeId, work: Work, spawned: Caller) -> TaskId {
        self.spawned += 1;
        let Some(index) = self.free.pop() else { return self.grow(node, work, spawned) };
        let slot = &mut self.slots[index as usize];
        let task = TaskId { slot: index, generation: slot.generation };
        slot.node = node;
        slot.state = State::Waiting;
        slot.work = Some(work);
        slot.queued = true;
        slot.detached = false;
        let rest = &mut self.rest[index as usize];
        rest.spawned = spawned;
        rest.born = self.spawned;
        // One is held by `wake`, one by `waker`.
        if Arc::strong_count(&slot.wake) == 2 {
            slot.wake.renew(task.generation);
        } else {
            slot.wake = TaskWaker::new(self.world, task, &self.abroad);
            slot.waker = Waker::from(Arc::clone(&slot.wake));
        }
        task
    }

    #[cold]
    fn grow(&mut self, node: NodeId, work: Work, spawned: Caller) -> TaskId {
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2³² tasks live at once");
        let task = TaskId { slot, generation: 0 };
        let wake = TaskWaker::new(self.world, task, &self.abroad);
        self.slots.push(Slot {
            work: Some(work),
            waker: Waker::from(Arc::clone(&wake)),
            wake,
            generation: 0,
            node,
            state: State::Waiting,
            queued: true,
            detached: false,
        });
        self.rest.push(Rest { joiner: None, spawned, born: self.spawned });
        task
    }

    /// How a task ended, if it did; asked once.
    #[inline]
    pub(super) fn reap(&mut self, task: TaskId) -> Option<Result<(), Ended>> {
        let State::Ended(result) = self.slot(task.slot).state else { return None };
        self.remove(task.slot);
        Some(result)
    }

    /// Gives the slot back.
    pub(super) fn remove(&mut self, index: u32) {
        let slot = self.slot(index);
        slot.state = State::Vacant;
        slot.queued = false;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(index);
    }

    /// Ends every task, also one whose poll panicked, and hands out their work.
    pub(super) fn close(&mut self) -> Vec<Work> {
        let end = |slot: &mut Slot| {
            slot.state = State::Ended(Err(Ended::Killed));
            slot.work.take()
        };
        self.slots.iter_mut().filter_map(end).collect()
    }

    pub(super) fn slot(&mut self, index: u32) -> &mut Slot {
        &mut self.slots[index as usize]
    }

    pub(super) fn rest(&mut self, index: u32) -> &mut Rest {
        &mut self.rest[index as usize]
    }

    /// The slot of a task that is not gone.
    pub(super) fn find(&mut self, task: TaskId) -> Option<&mut Slot> {
        let slot = &mut self.slots[task.slot as usize];
        (slot.generation == task.generation).then_some(slot)
    }

    /// The tasks of nodes that have not ended, youngest first.
    pub(super) fn of_nodes(&self, nodes: &[NodeId]) -> BTreeMap<NodeId, Vec<u32>> {
        let mut all: BTreeMap<NodeId, Vec<u32>> =
            nodes.iter().map(|node| (*node, Vec::new())).collect();
        for (index, slot) in (0..).zip(&self.slots).filter(|(_, slot)| slot.state.is_live()) {
            if let Some(tasks) = all.get_mut(&slot.node) {
                tasks.push(index);
            }
        }
        for tasks in all.values_mut() {
            tasks.sort_by_key(|index| std::cmp::Reverse(self.rest[*index as usize].born));
        }
        all
    }

    /// The first `most` tasks that wait.
    pub(super) fn waiting(&self, most: usize) -> Vec<TaskId> {
        let waits = |(_, slot): &(u32, &Slot)| slot.state == State::Waiting;
        let task =
            |(index, slot): (u32, &Slot)| TaskId { slot: index, generation: slot.generation };
        (0..).zip(&self.slots).filter(waits).map(task).take(most).collect()
    }

    /// How many tasks live.
    pub(super) fn alive(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// How many slots there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn prefetch(&self, task: TaskId) {
        prefetch(NonNull::from_ref(&self.slots[task.slot as usize]));
    }

    pub(super) fn prefetch_work(&self, task: TaskId) {
        if let Some(work) = &self.slots[task.slot as usize].work {
            prefetch(work.place());
        }
    }
}
