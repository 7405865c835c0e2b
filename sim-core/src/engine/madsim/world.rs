use std::cell::{Cell, RefCell, RefMut};
use std::sync::Arc;
use std::task::Waker;

use cascadia_runtime::Time;

use super::alarm::Alarm;
use super::clock::Clock;
use super::driver::call;
use super::kernel::Kernel;
use super::nodes::Node;
use super::sleep::Sleep;
use super::slice::Slice;
use super::task::{SimTask, Spawned};
use super::work::NewTask;
use crate::Event;
use crate::engine::{Blocking, Caller, Class, NodeId, Record, Turns, Walls, with_world};

/// The state of one simulated world.
pub(crate) struct World {
    /// Zero while nobody uses it.
    id: Cell<u64>,
    /// A slice is at work.
    pub(super) running: Cell<bool>,
    /// The node on whose behalf code runs.
    pub(super) current: Cell<NodeId>,
    /// A killed node's destructors run: nothing that they start takes effect.
    pub(super) muted: Cell<bool>,
    pub(super) slice: Slice,
    kernel: RefCell<Option<Kernel>>,
    pub(crate) record: Record,
    pub(crate) turns: Turns,
    pub(crate) walls: Walls,
    pub(crate) blocking: Blocking,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            id: Cell::new(0),
            running: Cell::new(false),
            current: Cell::new(NodeId::WORLD),
            muted: Cell::new(false),
            slice: Slice::default(),
            kernel: RefCell::new(None),
            record: Record::default(),
            turns: Turns::default(),
            walls: Walls::default(),
            blocking: Blocking::default(),
        }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id.get()
    }

    /// Begins a simulation.
    pub(crate) fn begin(&self, id: u64, seed: u64) {
        self.id.set(id);
        self.record.begin(seed);
        self.walls.begin();
        self.blocking.begin();
        self.shuffle(seed);
    }

    /// Has madsim draw from `seed`.
    pub(super) fn shuffle(&self, seed: u64) {
        let empty = self.kernel.borrow().as_ref().is_none_or(Kernel::is_empty);
        assert!(empty, "a world with something in it cannot be shuffled");
        self.kernel.replace(Some(Kernel::new(seed)));
    }

    /// Ends a simulation: drops everything that is left, silently, and is free for the next one.
    pub(super) fn end(&self) {
        self.close();
        drop(self.kernel.take());
        self.id.set(0);
        self.slice.reset();
    }

    pub(super) fn kernel(&self) -> RefMut<'_, Kernel> {
        RefMut::map(self.kernel.borrow_mut(), |kernel| {
            kernel.as_mut().expect("a world that is in use has a kernel")
        })
    }

    fn clock(&self) -> Clock {
        self.kernel().clock.clone()
    }

    pub(crate) fn now(&self) -> Time {
        self.kernel().clock.now()
    }

    /// Whether a sleep until `at` is over before it begins.
    pub(super) fn is_past(&self, at: Time, class: Class) -> bool {
        let now = self.now();
        now > at || (now == at && class == Class::Event)
    }

    pub(super) fn arm(&self, at: Time, class: Class, waker: &Waker) -> Option<Arc<Alarm>> {
        (!self.muted.get()).then(|| Alarm::set(&self.clock(), at, class.into(), waker))
    }

    fn call_at(&self, at: Time, callback: Box<dyn FnOnce()>) {
        if self.muted.get() {
            return;
        }
        let world = self.id.get();
        let mut kernel = self.kernel();
        let number = kernel.number();
        kernel.callbacks.insert(number, callback);
        kernel.node(NodeId::WORLD).place.spawn(async move {
            Sleep::new(world, at, Class::Event).await;
            with_world(world, |world| call(world, number));
        });
    }

    pub(crate) fn emit(&self, event: Event) {
        if !self.muted.get() {
            self.record.emit(self.now(), event);
        }
    }

    pub(crate) fn add_node(&self, name: &str) -> NodeId {
        let mut kernel = self.kernel();
        let place = kernel.runtime.create_node().name(name).build();
        kernel.nodes.push(Node::new(name, place));
        NodeId(u32::try_from(kernel.nodes.len() - 1).expect("fewer than 2³² nodes"))
    }

    /// The node on whose behalf code runs.
    pub(crate) fn current(&self) -> NodeId {
        self.current.get()
    }

    pub(crate) fn is_alive(&self, node: NodeId) -> bool {
        self.kernel().node(node).alive
    }

    pub(crate) fn pace(&self, node: NodeId) -> f64 {
        self.kernel().node(node).pace
    }

    pub(crate) fn slow(&self, node: NodeId, factor: f64) {
        self.kernel().node(node).pace = factor;
    }

    /// Puts a task on `node`, or drops it when the node is dead.
    fn spawn(&self, node: NodeId, new: NewTask) -> Option<Spawned> {
        if self.muted.get() {
            return None;
        }
        let spawned = self.kernel().spawn(self.id.get(), node, new);
        spawned.ok()
    }
}

/// Runs `task` on `node` of the world `id`, or on the node on whose behalf code runs there. On a
/// dead node it is dropped.
pub(crate) fn spawn<F>(id: u64, node: Option<NodeId>, task: F, spawned: Caller) -> SimTask
where
    F: Future<Output = ()> + Send + 'static,
{
    let new = NewTask { future: Box::pin(task), spawned };
    let spawn = |world: &World| world.spawn(node.unwrap_or_else(|| world.current.get()), new);
    SimTask::new(id, with_world(id, spawn))
}

/// Calls `callback` in the world `id` at `at`.
pub(crate) fn call_at(id: u64, at: Time, callback: impl FnOnce() + 'static) {
    with_world(id, |world| world.call_at(at, Box::new(callback)));
}
