use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use cascadia_runtime::Ended;

use super::target::Polling;
use super::tasks::{Slot, State, TaskFuture, TaskId, Work};
use super::world::World;
use crate::engine::NodeId;

/// Polls a task, unless it has ended or its node is paused.
pub(super) fn poll(world: &World, task: TaskId) {
    let Some(turn) = begin(world, task) else { return };
    world.current.set(turn.node);
    world.polling.set(Some(Polling::new(task, &turn.waker)));
    let polled = turn.poll();
    world.polling.set(None);
    if let Some((result, work)) = ended(world, task, polled) {
        end(world, task, result, work);
    }
    world.current.set(NodeId::WORLD);
}

fn begin(world: &World, task: TaskId) -> Option<Turn> {
    world.kernel.borrow_mut().begin(task).map(Turn::of)
}

/// How the task ended, if it did, and its work; else it waits again.
fn ended(
    world: &World,
    task: TaskId,
    polled: Poll<()>,
) -> Option<(Result<(), Ended>, Option<Work>)> {
    let mut kernel = world.kernel.borrow_mut();
    let slot = kernel.tasks.slot(task.slot);
    let result = match (polled, slot.state) {
        (_, State::Doomed(why)) => Err(why),
        (Poll::Ready(()), _) => Ok(()),
        (Poll::Pending, _) => {
            slot.state = State::Waiting;
            return None;
        }
    };
    Some((result, slot.work.take()))
}

/// Ends a task that was polled.
fn end(world: &World, task: TaskId, result: Result<(), Ended>, work: Option<Work>) {
    let muted = world.muted.replace(result == Err(Ended::Killed));
    let block = work.map(Work::end);
    world.muted.set(muted);
    let joiner = {
        let mut kernel = world.kernel.borrow_mut();
        block.into_iter().for_each(|block| kernel.blocks.keep(block));
        kernel.finish(task.slot, result)
    };
    if let Some(joiner) = joiner {
        joiner.wake();
    }
}

/// A task that is polled: its work and its waker, where they are.
struct Turn {
    node: NodeId,
    future: NonNull<TaskFuture>,
    waker: ManuallyDrop<Waker>,
}

impl Turn {
    #[expect(unsafe_code, reason = "moving both out and back in costs as much as a timer")]
    fn of(slot: &mut Slot) -> Self {
        let work = slot.work.as_ref().expect("a task that waits has its work");
        // Safety: the copy is not dropped, and the original outlives it: a slot keeps its waker
        // until another task moves in, which is not before this one has ended.
        let waker = ManuallyDrop::new(unsafe { std::ptr::read(&slot.waker) });
        Self { node: slot.node, future: work.place(), waker }
    }

    #[expect(unsafe_code, reason = "see above")]
    fn poll(&self) -> Poll<()> {
        // Safety: the work stays in its block when the slab grows. Its task is `Running`, and
        // nobody takes the work of a running task or polls it: `stop` dooms it, `begin` leaves it
        // alone, and a world is neither ended nor begun anew while it runs.
        let future = unsafe { Pin::new_unchecked(&mut *self.future.as_ptr()) };
        future.poll(&mut Context::from_waker(&self.waker))
    }
}
