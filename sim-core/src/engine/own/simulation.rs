use std::any::Any;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use cascadia_runtime::Time;

use super::callback::Callback;
use super::kernel::Step;
use super::poll::poll;
use super::world::World;
use crate::engine::{NodeId, begin, try_with_world, with_world};
use crate::{Digest, RunError, Sim};

/// How much may happen within one instant.
const INSTANT_LIMIT: u64 = 10_000_000;

/// Owns a simulated world and runs it. A thread holds one at a time.
#[derive(Debug)]
pub struct Simulation {
    world: u64,
    steps_in_instant: u64,
    /// It stays on its thread.
    here: PhantomData<*const ()>,
}

/// Why a slice of a run came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slice {
    /// It had as many steps as it may have.
    Full,
    /// Nothing is left to be done up to the limit.
    Done,
}

impl Simulation {
    /// A world with nothing in it, whose streams are named by `seed`.
    ///
    /// # Panics
    ///
    /// When another simulation lives on this thread.
    pub fn new(seed: u64) -> Self {
        Self { world: begin(seed), steps_in_instant: 0, here: PhantomData }
    }

    /// Polls tasks that are ready at once in an order drawn from `seed`, instead of first woken
    /// first. What depends on that order is a race; trying many seeds finds it.
    #[must_use]
    pub fn shuffled(self, seed: u64) -> Self {
        with_world(self.world, |world| world.kernel.borrow_mut().ready.shuffle(seed));
        self
    }

    /// A handle to the world, for whatever runs in it.
    pub fn sim(&self) -> Sim {
        Sim::new(self.world)
    }

    /// The fingerprint of everything emitted so far.
    pub fn digest(&self) -> Digest {
        self.sim().digest()
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

    /// The same in slices: returns `false` after `steps` pieces of work if `limit` is not reached
    /// yet.
    ///
    /// # Errors
    ///
    /// As [`run_until`](Self::run_until).
    pub fn advance(&mut self, limit: Time, steps: u64) -> Result<bool, RunError> {
        let done = self.run(limit, steps)? == Slice::Done;
        if done {
            with_world(self.world, |world| world.now.set(limit.max(world.now.get())));
        }
        Ok(done)
    }

    /// Runs `task` and whatever runs beside it until `task` has ended; the clock then stands where
    /// it stood.
    ///
    /// # Errors
    ///
    /// When a task panics, time does not move on, or nothing can ever end the task.
    #[track_caller]
    pub fn block_on<T: Send + 'static>(
        &mut self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, RunError> {
        let output = Arc::new(Mutex::new(None));
        let place = Arc::clone(&output);
        self.sim().spawn_on(NodeId::WORLD, async move {
            let output = task.await;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(output);
        });
        loop {
            let slice = self.run(Time::MAX, 1)?;
            if let Some(output) = output.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Ok(output);
            }
            if slice == Slice::Done {
                return Err(with_world(self.world, deadlock));
            }
        }
    }

    fn run(&mut self, limit: Time, steps: u64) -> Result<Slice, RunError> {
        with_world(self.world, |world| {
            assert!(!world.running.replace(true), "a simulation cannot be run from within itself");
            let outcome = catch_unwind(AssertUnwindSafe(|| self.slice(world, limit, steps)));
            world.running.set(false);
            outcome.unwrap_or_else(|panic| Err(panicked(world, &*panic)))
        })
    }

    fn slice(&mut self, world: &World, limit: Time, steps: u64) -> Result<Slice, RunError> {
        for _ in 0..steps {
            let before = world.now.get();
            let step = world.kernel.borrow_mut().next(&world.now, limit);
            match step {
                Step::Poll(task) => poll(world, task),
                Step::Wake(waker) => waker.wake(),
                Step::Call(callback) => call(world, callback),
                Step::Done => return Ok(Slice::Done),
            }
            let same = world.now.get() == before;
            self.steps_in_instant = if same { self.steps_in_instant + 1 } else { 1 };
            if self.steps_in_instant > INSTANT_LIMIT {
                return Err(livelock(world));
            }
        }
        Ok(Slice::Full)
    }
}

fn call(world: &World, mut callback: Callback) {
    callback.get_mut().call();
    let block = callback.end();
    world.kernel.borrow_mut().blocks.keep(block);
}

impl Drop for Simulation {
    fn drop(&mut self) {
        try_with_world(self.world, |world| {
            assert!(!world.running.get(), "a simulation cannot be dropped from within itself");
            world.end();
        });
    }
}

fn deadlock(world: &World) -> RunError {
    RunError::Deadlock { at: world.now.get(), tasks: world.kernel.borrow_mut().waiting() }
}

#[cold]
fn livelock(world: &World) -> RunError {
    RunError::Livelock { at: world.now.get(), tasks: world.kernel.borrow_mut().queued() }
}

#[cold]
fn panicked(world: &World, panic: &(dyn Any + Send)) -> RunError {
    world.current.set(NodeId::WORLD);
    let polled = world.polling.take();
    let task = polled.and_then(|polling| world.kernel.borrow_mut().name(polling.task()));
    RunError::panicked(world.now.get(), task, panic)
}
