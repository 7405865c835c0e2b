use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use cascadia_runtime::Time;

use super::kernel::{Action, Kernel};
use super::nodes::{Node, NodeId};
use super::queue::{Class, TimerKey};
use super::target::Polling;
use super::tasks::{Spawned, TaskId};
use crate::{Digest, Event};

/// The state of one simulated world.
pub(crate) struct World {
    /// Zero while nobody uses it.
    pub(super) id: Cell<u64>,
    pub(crate) seed: Cell<u64>,
    pub(crate) now: Cell<Time>,
    /// The loop is at work.
    pub(super) running: Cell<bool>,
    /// The node on whose behalf code runs.
    pub(super) current: Cell<NodeId>,
    /// The task that is polled.
    pub(super) polling: Cell<Option<Polling>>,
    /// A killed node's destructors run: nothing that they start takes effect.
    pub(super) muted: Cell<bool>,
    pub(super) kernel: RefCell<Kernel>,
    pub(crate) digest: RefCell<Digest>,
    streams: RefCell<BTreeSet<(String, String, u64)>>,
}

thread_local! {
    /// The world of this thread: one, used again by each simulation.
    static WORLD: World = World::new();
}

/// Runs `action` in the world `id`.
///
/// # Panics
///
/// When that world does not live on this thread.
pub(crate) fn with_world<T>(id: u64, action: impl FnOnce(&World) -> T) -> T {
    WORLD.with(|world| {
        assert!(
            world.id.get() == id,
            "a handle of a simulation was used outside its run or on another thread"
        );
        action(world)
    })
}

/// The same, for destructors: `None` when the world is gone.
pub(super) fn try_with_world<T>(id: u64, action: impl FnOnce(&World) -> T) -> Option<T> {
    WORLD.try_with(|world| (world.id.get() == id).then(|| action(world))).ok().flatten()
}

/// Begins a simulation on this thread; returns its id.
pub(super) fn begin(seed: u64) -> u64 {
    thread_local!(static COUNT: Cell<u64> = const { Cell::new(0) });
    WORLD.with(|world| {
        let idle = world.id.get() == 0;
        assert!(idle, "a thread holds one simulation at a time; drop the other first");
        let count = COUNT.with(|count| count.replace(count.get() + 1));
        let thread = std::ptr::from_ref(world).addr() as u64;
        let id = cascadia_runtime::mix(thread, count).max(1);
        world.id.set(id);
        world.seed.set(seed);
        world.kernel.replace(Kernel::new(id));
        id
    })
}

impl World {
    fn new() -> Self {
        Self {
            id: Cell::new(0),
            seed: Cell::new(0),
            now: Cell::new(Time::ZERO),
            running: Cell::new(false),
            current: Cell::new(NodeId::WORLD),
            polling: Cell::new(None),
            muted: Cell::new(false),
            kernel: RefCell::new(Kernel::new(0)),
            digest: RefCell::default(),
            streams: RefCell::default(),
        }
    }

    /// Ends a simulation: drops everything that is left, silently, and is free for the next one.
    pub(super) fn end(&self) {
        self.close();
        drop(self.kernel.replace(Kernel::new(0)));
        self.id.set(0);
        self.now.set(Time::ZERO);
        self.digest.take();
        self.streams.take();
    }

    pub(crate) fn arm(&self, at: Time, class: Class, action: Action) -> Option<TimerKey> {
        let at = at.max(self.now.get());
        (!self.muted.get()).then(|| self.kernel.borrow_mut().queue.arm(at, class, action))
    }

    pub(crate) fn call_at(&self, at: Time, callback: Box<dyn FnOnce()>) {
        self.arm(at, Class::Event, Action::Call(callback));
    }

    pub(crate) fn emit(&self, event: Event) {
        if !self.muted.get() {
            self.digest.borrow_mut().add(self.now.get(), event);
        }
    }

    pub(crate) fn claim_stream(&self, entity: &str, purpose: &str, incarnation: u64) {
        let name = (entity.to_owned(), purpose.to_owned(), incarnation);
        let fresh = self.streams.borrow_mut().insert(name);
        assert!(fresh, "the stream ({entity}, {purpose}, {incarnation}) was asked for twice");
    }

    pub(crate) fn add_node(&self, name: &str) -> NodeId {
        let nodes = &mut self.kernel.borrow_mut().nodes;
        nodes.push(Node::new(name));
        NodeId(u32::try_from(nodes.len() - 1).expect("fewer than 2³² nodes"))
    }

    pub(super) fn node<T>(&self, node: NodeId, action: impl FnOnce(&mut Node) -> T) -> T {
        action(&mut self.kernel.borrow_mut().nodes[node.0 as usize])
    }

    pub(crate) fn is_alive(&self, node: NodeId) -> bool {
        self.node(node, |node| node.alive)
    }

    pub(crate) fn pace(&self, node: NodeId) -> f64 {
        self.node(node, |node| node.pace)
    }

    pub(crate) fn slow(&self, node: NodeId, factor: f64) {
        self.node(node, |node| node.pace = factor);
    }

    /// Puts a task on `node`, or drops it when the node is dead.
    pub(crate) fn spawn<F>(&self, node: NodeId, task: F, spawned: Spawned) -> Option<TaskId>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.muted.get() {
            return None;
        }
        let mut kernel = self.kernel.borrow_mut();
        if !kernel.nodes[node.0 as usize].alive {
            drop(kernel);
            return None;
        }
        let work = kernel.blocks.put(task);
        Some(kernel.spawn(node, work, spawned))
    }

    /// Puts a task on the node on whose behalf code runs.
    pub(crate) fn spawn_here<F>(&self, task: F, spawned: Spawned) -> Option<TaskId>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.spawn(self.current.get(), task, spawned)
    }
}
