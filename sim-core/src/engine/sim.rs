use std::future::Future;
use std::panic::Location;
use std::task::Context;

use cascadia_runtime::{Ended, Identity, Runtime, Stream, Time, Wall};

use super::{Class, NodeId, SimTask, Sleep, Waiter, call_at, spawn, with_world};
use crate::{Digest, Event};

/// A handle to the simulated world: all that models may use of the kernel.
///
/// It is a number; cloning it costs nothing. It may travel between threads inside futures, but
/// works only on the thread and in the run that it came from.
///
/// # Panics
///
/// Every method panics when the handle is used outside its run or on another thread.
#[derive(Clone, Copy, Debug)]
pub struct Sim {
    world: u64,
}

impl Sim {
    pub(crate) const fn new(world: u64) -> Self {
        Self { world }
    }

    /// Calls `callback` at `at`, or at the end of this instant's events if `at` has passed.
    pub fn at(&self, at: Time, callback: impl FnOnce() + 'static) {
        call_at(self.world, at, callback);
    }

    /// A new node, alive and without tasks.
    pub fn node(&self, name: &str) -> NodeId {
        with_world(self.world, |world| world.add_node(name))
    }

    /// Runs `task` on `node`. On a dead node it is dropped at once.
    #[inline]
    #[track_caller]
    pub fn spawn_on(
        &self,
        node: NodeId,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> SimTask {
        spawn(self.world, Some(node), task, Location::caller())
    }

    /// Kills a node: its tasks are dropped at once, and nothing that their destructors start
    /// takes effect.
    pub fn kill(&self, node: NodeId) {
        self.kill_all(&[node]);
    }

    /// Kills one node after the other, and looks for their tasks once.
    pub fn kill_all(&self, nodes: &[NodeId]) {
        with_world(self.world, |world| world.kill_all(nodes));
    }

    /// Brings a killed node back, without tasks.
    pub fn restart(&self, node: NodeId) {
        with_world(self.world, |world| world.restart(node));
    }

    /// Stops a node without killing it: its tasks are not polled until it is resumed.
    pub fn pause(&self, node: NodeId) {
        with_world(self.world, |world| world.pause(node));
    }

    /// Lets a paused node go on.
    pub fn resume(&self, node: NodeId) {
        with_world(self.world, |world| world.resume(node));
    }

    /// Whether a node is alive.
    pub fn is_alive(&self, node: NodeId) -> bool {
        with_world(self.world, |world| world.is_alive(node))
    }

    /// Makes work on a node take `factor` times as long from now on.
    pub fn slow(&self, node: NodeId, factor: f64) {
        with_world(self.world, |world| world.slow(node, factor));
    }

    /// How many times as long work on a node takes.
    pub fn pace(&self, node: NodeId) -> f64 {
        with_world(self.world, |world| world.pace(node))
    }

    /// What the wall clock of a node shows.
    pub fn wall_of(&self, node: NodeId) -> Wall {
        with_world(self.world, |world| world.walls.show(node, world.now()))
    }

    /// From now on the wall clock of a node is `ahead` nanoseconds ahead of the truth, and gains
    /// `gains` nanoseconds on it in every second. With zeros it is right.
    pub fn set_wall(&self, node: NodeId, ahead: i64, gains: i64) {
        with_world(self.world, |world| world.walls.set(node, world.now(), ahead, gains));
    }

    /// How far the [blocking](Runtime::blocking) work has come that is done right now; nothing
    /// where there is none.
    pub fn blocked_until(&self) -> Option<Time> {
        with_world(self.world, |world| world.blocking.reached())
    }

    /// The blocking work that is done right now takes until `at`, or longer.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn block_until(&self, at: Time) {
        with_world(self.world, |world| world.blocking.reach(at));
    }

    /// What wakes the task that polls with `context`, for a model's own futures. It costs less than
    /// a clone of the waker, and stays in this world.
    pub fn waiter(&self, context: &Context<'_>) -> Waiter {
        Waiter::new(self.world, context)
    }

    /// The stream of `who` in its `incarnation`-th life.
    ///
    /// # Panics
    ///
    /// When it, or that of a later life, was asked for before: two users of one stream would shift
    /// each other's numbers.
    pub fn stream(&self, who: Identity, incarnation: u64) -> Stream {
        with_world(self.world, |world| world.record.stream(who, incarnation))
    }

    /// Counts a turn of a loop that may go on without waiting for anything, as tries do that fail
    /// at once. A piece of work that takes a million of them is broken off, and the run fails with
    /// a livelock.
    pub fn turn(&self) {
        with_world(self.world, |world| world.turns.one_more());
    }

    /// Adds a model event to the digest.
    pub fn emit(&self, event: Event) {
        with_world(self.world, |world| world.emit(event));
    }

    /// The fingerprint of everything emitted so far.
    pub fn digest(&self) -> Digest {
        with_world(self.world, |world| world.record.digest())
    }
}

impl Runtime for Sim {
    type Sleep = Sleep;
    type Task = SimTask;

    fn now(&self) -> Time {
        with_world(self.world, |world| world.now())
    }

    /// That of the node on whose behalf code runs. The run begins with the year 2000.
    fn wall(&self) -> Wall {
        with_world(self.world, |world| world.walls.show(world.current(), world.now()))
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        Sleep::new(self.world, at, Class::Event)
    }

    fn deadline(&self, at: Time) -> Sleep {
        Sleep::new(self.world, at, Class::Deadline)
    }

    #[inline]
    #[track_caller]
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> SimTask {
        spawn(self.world, None, task, Location::caller())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        let world = self.world;
        let (done, until) = with_world(world, |world| world.blocking.run(world.now(), work));
        self.sleep_until(until).await;
        Ok(done)
    }
}
