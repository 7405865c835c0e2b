use std::any::Any;
use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use cascadia_runtime::Time;

use super::callback::Callback;
use super::kernel::Step;
use super::poll::poll;
use super::world::World;
use crate::engine::{Endless, NodeId, Sim, begin, try_with_world, with_world};
use crate::error::{MOST_NAMES, TaskName};
use crate::{Digest, RunError};

/// How much may happen within one instant.
const INSTANT_LIMIT: u64 = 10_000_000;
/// How many steps more of an instant are looked at to see who does not end.
const LAST: u64 = 1_000;

/// Owns a simulated world and runs it. A thread holds one at a time.
#[derive(Debug)]
pub struct Simulation {
    world: u64,
    steps_in_instant: u64,
    /// Tasks that were polled in an instant after far too many steps.
    suspects: BTreeSet<TaskName>,
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
    /// A world with nothing in it, whose streams come of `seed`.
    ///
    /// # Panics
    ///
    /// When another simulation lives on this thread.
    pub fn new(seed: u64) -> Self {
        let suspects = BTreeSet::new();
        Self { world: begin(seed), steps_in_instant: 0, suspects, here: PhantomData }
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

    /// How many tasks live, and how much waits to happen at its time. All of it takes memory.
    pub fn pending(&self) -> usize {
        with_world(self.world, |world| {
            let kernel = world.kernel.borrow();
            kernel.tasks.alive() + kernel.queue.armed()
        })
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
            outcome.unwrap_or_else(|panic| Err(unwound(world, &*panic)))
        })
    }

    fn slice(&mut self, world: &World, limit: Time, steps: u64) -> Result<Slice, RunError> {
        let mut left = steps;
        while left > 0 {
            let before = world.now.get();
            let step = world.kernel.borrow_mut().next(&world.now, limit);
            if self.steps_in_instant > INSTANT_LIMIT {
                self.suspect(world, before, &step)?;
            }
            if matches!(step, Step::Done) {
                return Ok(Slice::Done);
            }
            let steps = work(world, step);
            left = left.saturating_sub(steps);
            let same = world.now.get() == before;
            self.steps_in_instant = if same { self.steps_in_instant + steps } else { steps };
        }
        Ok(Slice::Full)
    }

    /// Far too much happened in the instant `at`, and `step` is next. If it is of the same instant,
    /// whom it is of may be who does not end, and so may be others that are still to come.
    #[cold]
    fn suspect(&mut self, world: &World, at: Time, step: &Step) -> Result<(), RunError> {
        let goes_on = world.now.get() == at && !matches!(step, Step::Done);
        if let (true, Step::Poll(task)) = (goes_on, step) {
            self.suspects.extend(world.kernel.borrow_mut().name(*task));
        }
        if goes_on && self.steps_in_instant <= INSTANT_LIMIT + LAST {
            return Ok(());
        }
        let tasks = std::mem::take(&mut self.suspects).into_iter().take(MOST_NAMES);
        Err(RunError::Livelock { at, tasks: tasks.collect() })
    }
}

/// Does a piece of work. Returns how many steps it counts for: each turn is one, as nothing says
/// how many a piece takes.
fn work(world: &World, step: Step) -> u64 {
    world.turns.begin();
    match step {
        Step::Poll(task) => poll(world, task),
        Step::Wake(waker) => waker.wake(),
        Step::Call(callback) => call(world, callback),
        Step::Done => {}
    }
    1 + world.turns.taken()
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

/// What a piece of work ended in that was broken off.
#[cold]
fn unwound(world: &World, panic: &(dyn Any + Send)) -> RunError {
    let at = world.now.get();
    let task = polled(world);
    if panic.is::<Endless>() {
        return RunError::Livelock { at, tasks: task.into_iter().collect() };
    }
    RunError::panicked(at, task, panic)
}

/// The task whose poll was broken off.
fn polled(world: &World) -> Option<TaskName> {
    world.current.set(NodeId::WORLD);
    let polling = world.polling.take()?;
    world.kernel.borrow_mut().name(polling.task())
}
