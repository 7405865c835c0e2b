use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use cascadia_runtime::Ended;

use super::target::Polling;
use super::tasks::{Slot, State, TaskId};
use super::world::World;
use crate::engine::NodeId;

/// Polls a task, unless it has ended or its node is paused.
pub(super) fn poll(world: &World, task: TaskId) {
    let Some((node, work)) = begin(world, task) else { return };
    world.current.set(node);
    world.polling.set(Some(Polling::new(task, &work.waker)));
    let polled = work.poll();
    world.polling.set(None);
    if let Some(result) = ended(world, task, polled) {
        end(world, task, result);
    }
    world.current.set(NodeId::WORLD);
}

fn begin(world: &World, task: TaskId) -> Option<(NodeId, Work)> {
    let mut kernel = world.kernel.borrow_mut();
    let slot = kernel.begin(task)?;
    Some((slot.node, Work::of(slot)))
}

/// How the task ended, if it did; else it waits again.
fn ended(world: &World, task: TaskId, polled: Poll<()>) -> Option<Result<(), Ended>> {
    let mut kernel = world.kernel.borrow_mut();
    let slot = kernel.tasks.slot(task.slot);
    match (polled, slot.state) {
        (_, State::Doomed(why)) => Some(Err(why)),
        (Poll::Ready(()), _) => Some(Ok(())),
        (Poll::Pending, _) => {
            slot.state = State::Waiting;
            None
        }
    }
}

/// Ends a task that was polled.
fn end(world: &World, task: TaskId, result: Result<(), Ended>) {
    let future = world.kernel.borrow_mut().tasks.slot(task.slot).future.take();
    if result == Err(Ended::Killed) {
        world.drop_muted(world.current.get(), future);
    } else {
        drop(future);
    }
    let joiner = world.kernel.borrow_mut().finish(task.slot, result);
    if let Some(joiner) = joiner {
        joiner.wake(world);
    }
}

/// The work and the waker of a task that runs, where they are.
struct Work {
    future: *mut (dyn Future<Output = ()> + Send),
    waker: ManuallyDrop<Waker>,
}

impl Work {
    #[expect(unsafe_code, reason = "moving both out and back in costs as much as a timer")]
    fn of(slot: &mut Slot) -> Self {
        let future = slot.future.as_mut().expect("a task that waits has its work");
        // Safety: nothing is moved, as the pointer is used for nothing but a pinned poll. The
        // copy of the waker is not dropped, and the original outlives it: a slot keeps its waker
        // until another task moves in, which is not before this one has ended.
        unsafe {
            Self {
                future: Pin::get_unchecked_mut(future.as_mut()),
                waker: ManuallyDrop::new(std::ptr::read(&slot.waker)),
            }
        }
    }

    #[expect(unsafe_code, reason = "see above")]
    fn poll(&self) -> Poll<()> {
        // Safety: the work is in a box, so it stays in its place when the slab grows. Its task is
        // `Running`, and nobody takes the work of a running task or polls it: `stop` dooms it,
        // `close` and `begin` leave it alone, and a world is neither ended nor begun anew while
        // it runs.
        let future = unsafe { Pin::new_unchecked(&mut *self.future) };
        future.poll(&mut Context::from_waker(&self.waker))
    }
}
