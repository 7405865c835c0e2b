use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ptr::NonNull;

use cascadia_runtime::Time;

use super::callback::{Call, Callback};
use super::kernel::{Action, Kernel};
use super::nodes::{Node, NodeId};
use super::queue::{Class, TimerKey};
use super::target::Polling;
use super::task::SimTask;
use super::tasks::{Spawned, TaskFuture, TaskId};
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

    pub(super) fn arm(&self, at: Time, class: Class, action: Action) -> Option<TimerKey> {
        let at = at.max(self.now.get());
        (!self.muted.get()).then(|| self.kernel.borrow_mut().queue.arm(at, class, action))
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

    /// A task on `node` whose work is still to be written to the place that comes with it; none if
    /// nothing can be spawned there.
    fn reserve<F>(&self, node: NodeId, spawned: Spawned) -> Option<(TaskId, NonNull<F>)>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut kernel = self.kernel.borrow_mut();
        if self.muted.get() || !kernel.nodes[node.0 as usize].alive {
            return None;
        }
        let (work, place) = kernel.blocks.reserve(|place: NonNull<F>| place as NonNull<TaskFuture>);
        Some((kernel.spawn(node, work, spawned), place))
    }

    /// A callback that is still to be written to the place that comes with it; none while nothing
    /// takes effect.
    pub(super) fn reserve_call<C: Call + 'static>(&self) -> Option<(Callback, NonNull<C>)> {
        let blocks = &mut self.kernel.borrow_mut().blocks;
        (!self.muted.get()).then(|| blocks.reserve(|place: NonNull<C>| place as NonNull<dyn Call>))
    }
}

/// Runs `task` on `node` of the world `id`, or on the node on whose behalf code runs there. On a
/// dead node it is dropped.
#[inline]
#[expect(unsafe_code, reason = "futures are large, and this moves them once")]
pub(crate) fn spawn<F>(id: u64, node: Option<NodeId>, task: F, spawned: Spawned) -> SimTask
where
    F: Future<Output = ()> + Send + 'static,
{
    let reserved = with_world(id, |world| {
        world.reserve::<F>(node.unwrap_or_else(|| world.current.get()), spawned)
    });
    let Some((name, place)) = reserved else { return SimTask::new(id, None) };
    // Safety: the place is in a block for such a future, and nothing has looked at it, as nothing
    // ran since it was reserved.
    unsafe { place.write(task) }
    SimTask::new(id, Some(name))
}
