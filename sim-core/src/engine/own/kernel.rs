use std::cell::Cell;
use std::task::Waker;

use cascadia_runtime::{Ended, Time};

use super::block::Blocks;
use super::callback::Callback;
use super::nodes::Node;
use super::queue::Queue;
use super::ready::Ready;
use super::target::Target;
use super::tasks::{Slot, State, TaskId, Tasks, Work};
use crate::engine::{Caller, NodeId};
use crate::error::{MOST_NAMES, TaskName};

/// What the event loop works on. It is borrowed between two pieces of foreign code, never while
/// one runs: a future, a callback or a destructor may do anything to the world.
pub(super) struct Kernel {
    pub(super) queue: Queue<Action>,
    pub(super) tasks: Tasks,
    pub(super) blocks: Blocks,
    pub(super) ready: Ready,
    pub(super) nodes: Vec<Node>,
}

/// What a timer does when it fires.
pub(super) enum Action {
    Wake(Target),
    Call(Callback),
}

/// What is to be done next.
pub(super) enum Step {
    Poll(TaskId),
    Wake(Waker),
    Call(Callback),
    /// Nothing is left to be done up to the limit.
    Done,
}

/// From so many tasks on they are too many for the caches.
const MANY: usize = 20_000;

impl Kernel {
    pub(super) fn new(world: u64) -> Self {
        Self {
            queue: Queue::new(),
            tasks: Tasks::new(world),
            blocks: Blocks::new(),
            ready: Ready::default(),
            nodes: vec![Node::new("world")],
        }
    }

    /// The next piece of work, at the time that it sets.
    pub(super) fn next(&mut self, now: &Cell<Time>, limit: Time) -> Step {
        if self.tasks.abroad.any() {
            self.tasks.abroad.take().into_iter().for_each(|task| self.wake(task));
        }
        if let Some(task) = self.ready.pop() {
            return Step::Poll(task);
        }
        self.look_ahead();
        let Some((at, action)) = self.queue.pop(limit) else { return Step::Done };
        now.set(at.max(now.get()));
        match action {
            Action::Call(callback) => Step::Call(callback),
            Action::Wake(Target::Waker(waker)) => Step::Wake(waker),
            Action::Wake(Target::Task(task)) => Step::Poll(task),
        }
    }

    /// Takes a task up to be polled, unless it has ended or its node is paused.
    pub(super) fn begin(&mut self, task: TaskId) -> Option<&mut Slot> {
        let slot = self.tasks.find(task)?;
        slot.queued = false;
        if slot.state != State::Waiting {
            return None;
        }
        let node = &mut self.nodes[slot.node.0 as usize];
        if node.paused {
            node.parked.push(task);
            return None;
        }
        slot.state = State::Running;
        Some(slot)
    }

    /// Queues a task to be polled, unless it is queued or gone.
    pub(super) fn wake(&mut self, task: TaskId) {
        if let Some(slot) = self.tasks.find(task).filter(|slot| !slot.queued) {
            slot.queued = true;
            self.ready.push(task);
        }
    }

    /// Puts a task on a node that is alive.
    pub(super) fn spawn(&mut self, node: NodeId, work: Work, spawned: Caller) -> TaskId {
        let task = self.tasks.insert(node, work, spawned);
        self.ready.push(task);
        task
    }

    /// Ends a task: frees its slot when nobody will ask for it, and wakes who waits for it. Gives
    /// back a waker that has to be woken outside.
    pub(super) fn finish(&mut self, index: u32, result: Result<(), Ended>) -> Option<Waker> {
        let slot = self.tasks.slot(index);
        slot.state = State::Ended(result);
        if slot.detached {
            self.tasks.remove(index);
        }
        match self.tasks.rest(index).joiner.take()? {
            Target::Task(joiner) => {
                self.wake(joiner);
                None
            }
            Target::Waker(waker) => Some(waker),
        }
    }

    /// What a task is called.
    pub(super) fn name(&mut self, task: TaskId) -> Option<TaskName> {
        let node = self.tasks.find(task)?.node;
        let node = self.nodes[node.0 as usize].name.clone();
        Some(TaskName { node, spawned: self.tasks.rest(task.slot).spawned })
    }

    /// The first tasks that wait.
    pub(super) fn waiting(&mut self) -> Vec<TaskName> {
        let waiting = self.tasks.waiting(MOST_NAMES);
        waiting.into_iter().filter_map(|task| self.name(task)).collect()
    }

    /// While one event is worked off, brings those after it nearer to the processor, if they are
    /// too many to be near: first the timer, then its task, then the work of that.
    fn look_ahead(&self) {
        if self.tasks.len() < MANY {
            return;
        }
        self.queue.prefetch(9);
        if let Some(Action::Wake(Target::Task(task))) = self.queue.upcoming(6) {
            self.tasks.prefetch(*task);
        }
        if let Some(Action::Wake(Target::Task(task))) = self.queue.upcoming(3) {
            self.tasks.prefetch_work(*task);
        }
    }
}
