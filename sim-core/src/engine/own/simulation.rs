use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use cascadia_runtime::{Ended, Time};

use super::nodes::NodeId;
use super::tasks::{State, TaskFuture};
use super::timers::Action;
use super::world::{World, install, uninstall};
use crate::{Digest, RunError, Sim};

/// How much may happen within one instant.
const INSTANT_LIMIT: u64 = 10_000_000;

/// Owns a simulated world and runs it. A thread holds one at a time.
pub struct Simulation {
    world: Rc<World>,
    steps_in_instant: u64,
}

impl Simulation {
    /// A world with nothing in it, whose streams are named by `seed`.
    ///
    /// # Panics
    ///
    /// When another simulation lives on this thread.
    pub fn new(seed: u64) -> Self {
        thread_local!(static NEXT: Cell<u64> = const { Cell::new(0) });
        let count = NEXT.with(|next| next.replace(next.get() + 1));
        let thread = NEXT.with(|next| std::ptr::from_ref(next).addr() as u64);
        let world = Rc::new(World::new(cascadia_runtime::mix(thread, count), seed));
        install(&world);
        Self { world, steps_in_instant: 0 }
    }

    /// A handle to the world, for whatever runs in it.
    pub fn sim(&self) -> Sim {
        Sim::new(self.world.id)
    }

    /// The fingerprint of everything emitted so far.
    pub fn digest(&self) -> Digest {
        *self.world.digest.borrow()
    }

    /// Runs everything up to and including `limit`; the clock then stands at `limit`.
    ///
    /// # Errors
    ///
    /// When a task panics or time does not move on.
    pub fn run_until(&mut self, limit: Time) -> Result<(), RunError> {
        while !self.advance(limit, u64::MAX)? {}
        Ok(())
    }

    /// The same in slices: returns `false` after `events` events if `limit` is not reached yet.
    ///
    /// # Errors
    ///
    /// As [`run_until`](Self::run_until).
    pub fn advance(&mut self, limit: Time, events: u64) -> Result<bool, RunError> {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.slice(limit, events)));
        outcome.unwrap_or_else(|panic| {
            let node = self.world.current.replace(NodeId::WORLD);
            Err(RunError::Panicked {
                at: self.world.now.get(),
                node: self.world.node(node, |node| node.name.clone()),
                message: message(&*panic),
            })
        })
    }

    fn slice(&mut self, limit: Time, events: u64) -> Result<bool, RunError> {
        self.run_ready()?;
        for _ in 0..events {
            let next = self.world.timers.borrow_mut().pop(limit);
            let Some((at, action)) = next else {
                self.world.now.set(limit.max(self.world.now.get()));
                return Ok(true);
            };
            if at > self.world.now.get() {
                self.world.now.set(at);
                self.steps_in_instant = 0;
            }
            match action {
                Action::Wake(waker) => waker.wake(),
                Action::Call(callback) => callback(),
            }
            self.run_ready()?;
        }
        Ok(false)
    }

    fn run_ready(&mut self) -> Result<(), RunError> {
        self.step()?;
        while let Some(index) = self.world.ready.pop() {
            poll(&self.world, index);
            self.step()?;
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), RunError> {
        self.steps_in_instant += 1;
        if self.steps_in_instant > INSTANT_LIMIT { Err(self.livelock()) } else { Ok(()) }
    }

    #[cold]
    fn livelock(&self) -> RunError {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        let tasks = self.world.tasks.borrow();
        for index in self.world.ready.all() {
            *counts.entry(tasks.slots[index as usize].node.0).or_default() += 1;
        }
        let mut nodes: Vec<_> = counts.into_iter().collect();
        nodes.sort_by_key(|(node, count)| (std::cmp::Reverse(*count), *node));
        let name = |(node, _)| self.world.node(NodeId(node), |node| node.name.clone());
        RunError::Livelock {
            at: self.world.now.get(),
            nodes: nodes.into_iter().take(5).map(name).collect(),
        }
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.world.close();
        uninstall();
    }
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").field("now", &self.world.now).finish_non_exhaustive()
    }
}

fn poll(world: &World, index: u32) {
    let Some((mut future, waker, node)) = begin_poll(world, index) else { return };
    world.current.set(node);
    let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
    let ended = {
        let slot = &mut world.tasks.borrow_mut().slots[index as usize];
        slot.waker = Some(waker);
        match (polled, slot.state) {
            (_, State::Doomed(why)) => Err(why),
            (Poll::Ready(()), _) => Ok(()),
            (Poll::Pending, _) => {
                slot.state = State::Waiting;
                slot.future = Some(future);
                world.current.set(NodeId::WORLD);
                return;
            }
        }
    };
    if ended == Err(Ended::Killed) {
        world.drop_muted(node, future);
    } else {
        drop(future);
    }
    if let Some(joiner) = world.finish(index, ended) {
        joiner.wake();
    }
    world.current.set(NodeId::WORLD);
}

/// Takes the task out of its slot, unless it has ended or its node is paused.
fn begin_poll(world: &World, index: u32) -> Option<(TaskFuture, Waker, NodeId)> {
    let slot = &mut world.tasks.borrow_mut().slots[index as usize];
    slot.wake.begin();
    if slot.state != State::Waiting {
        return None;
    }
    let parked = world.node(slot.node, |node| {
        if node.paused {
            node.parked.push(index);
        }
        node.paused
    });
    if parked {
        return None;
    }
    slot.state = State::Running;
    let future = slot.future.take().expect("a task that waits has its future");
    let waker = slot.waker.take().expect("a task that is not polled has its waker");
    Some((future, waker, slot.node))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
