use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::Ended;

use super::work::{Over, Work};
use super::world::World;
use crate::RunError;
use crate::engine::{Endless, NodeId, with_world};

/// The shell of a task: what madsim polls.
pub(super) struct Driver {
    pub(super) world: u64,
    pub(super) work: Arc<Work>,
}

impl Future for Driver {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        with_world(self.world, |world| poll(world, &self.work, context))
    }
}

/// Polls a task, unless it or the run has ended.
fn poll(world: &World, work: &Work, context: &mut Context<'_>) -> Poll<()> {
    if !step(world, Some(work)) {
        return Poll::Pending;
    }
    let Some(mut future) = work.take_up() else { return Poll::Ready(()) };
    world.current.set(work.node);
    let polled = guarded(world, Some(work), || future.as_mut().poll(context));
    let over = work.put_back(future, polled.unwrap_or(Poll::Pending));
    let polled = over.map_or(Poll::Pending, |over| {
        guarded(world, Some(work), || end(world, work, over));
        Poll::Ready(())
    });
    world.current.set(NodeId::WORLD);
    polled
}

/// Ends a task that was polled.
fn end(world: &World, work: &Work, (result, future): Over) {
    if result == Err(Ended::Killed) {
        world.drop_muted(work.node, future);
    } else {
        drop(future);
    }
    let joiner = work.finish(result);
    world.kernel().tasks.remove(&work.number);
    if let Some(joiner) = joiner {
        joiner.wake();
    }
}

/// Calls back, unless that is done or the run has ended.
pub(super) fn call(world: &World, number: u64) {
    if !step(world, None) {
        return;
    }
    let callback = world.kernel().callbacks.remove(&number);
    if let Some(callback) = callback {
        guarded(world, None, callback);
    }
}

/// Counts a piece of work; whether it may be done.
fn step(world: &World, task: Option<&Work>) -> bool {
    let steps = 1 + world.turns.begin();
    if world.slice.step(world.now(), steps) {
        world.slice.fail(livelock(world, task));
    }
    !world.slice.has_failed()
}

fn livelock(world: &World, task: Option<&Work>) -> RunError {
    let tasks = task.map(|work| world.kernel().name(work)).into_iter().collect();
    RunError::Livelock { at: world.now(), tasks }
}

/// Does what may panic: that fails the run.
fn guarded<T>(world: &World, task: Option<&Work>, action: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(action)) {
        Ok(value) => Some(value),
        Err(panic) => {
            world.slice.fail(if panic.is::<Endless>() {
                livelock(world, task)
            } else {
                let task = task.map(|work| world.kernel().name(work));
                RunError::panicked(world.now(), task, &*panic)
            });
            None
        }
    }
}
