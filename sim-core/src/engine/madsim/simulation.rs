use std::future::poll_fn;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use cascadia_runtime::Time;

use super::alarm::Alarm;
use super::clock::Part;
use super::world::World;
use crate::engine::{NodeId, Sim, begin, try_with_world, with_world};
use crate::{Digest, RunError};

/// Owns a simulated world and runs it. A thread holds one at a time.
#[derive(Debug)]
pub struct Simulation {
    world: u64,
    /// It stays on its thread.
    here: PhantomData<*const ()>,
}

/// Why a slice of a run came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
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
        Self { world: begin(seed), here: PhantomData }
    }

    /// Draws the order in which tasks are polled that are ready at once from `seed`. Without this
    /// it is drawn from the seed of the simulation.
    ///
    /// # Panics
    ///
    /// When there is something in the world.
    #[must_use]
    pub fn shuffled(self, seed: u64) -> Self {
        with_world(self.world, |world| world.shuffle(seed));
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
            let kernel = world.kernel();
            kernel.tasks.len() + kernel.callbacks.len()
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

    /// The same in slices: returns `false` after `steps` pieces of work, and what became ready
    /// meanwhile, if `limit` is not reached yet.
    ///
    /// # Errors
    ///
    /// As [`run_until`](Self::run_until).
    pub fn advance(&mut self, limit: Time, steps: u64) -> Result<bool, RunError> {
        Ok(self.run(limit, steps)? == End::Done)
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
        let id = self.world;
        self.sim().spawn_on(NodeId::WORLD, async move {
            let output = task.await;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(output);
            with_world(id, |world| world.slice.end());
        });
        self.run(Time::MAX, u64::MAX)?;
        let output = output.lock().unwrap_or_else(PoisonError::into_inner).take();
        output.ok_or_else(|| with_world(self.world, deadlock))
    }

    fn run(&mut self, limit: Time, steps: u64) -> Result<End, RunError> {
        with_world(self.world, |world| {
            assert!(!world.running.replace(true), "a simulation cannot be run from within itself");
            let outcome = catch_unwind(AssertUnwindSafe(|| slice(world, limit, steps)));
            world.running.set(false);
            outcome.unwrap_or_else(|panic| Err(RunError::panicked(world.now(), None, &*panic)))
        })
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        try_with_world(self.world, |world| {
            assert!(!world.running.get(), "a simulation cannot be dropped from within itself");
            world.end();
        });
    }
}

/// Has madsim wait for the end of the slice or of `limit`, whichever comes first.
fn slice(world: &World, limit: Time, steps: u64) -> Result<End, RunError> {
    world.slice.begin(steps);
    let (runtime, clock) = {
        let kernel = world.kernel();
        (Rc::clone(&kernel.runtime), kernel.clock.clone())
    };
    let mut alarm = None;
    let end = runtime.block_on(poll_fn(|context| {
        let waker = context.waker();
        let alarm = alarm.get_or_insert_with(|| Alarm::set(&clock, limit, Part::End, waker));
        if world.slice.is_over(waker) {
            Poll::Ready(End::Full)
        } else if alarm.has_rung(waker) {
            Poll::Ready(End::Done)
        } else {
            Poll::Pending
        }
    }));
    world.slice.failure().map_or(Ok(end), Err)
}

fn deadlock(world: &World) -> RunError {
    RunError::Deadlock { at: world.slice.instant(), tasks: world.kernel().waiting() }
}
