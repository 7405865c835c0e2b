use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use cascadia_runtime::Time;

use super::callback::{Call, Callback};
use super::kernel::{Action, Kernel};
use super::nodes::Node;
use super::queue::TimerKey;
use super::target::Polling;
use super::task::SimTask;
use super::tasks::{TaskFuture, TaskId};
use crate::Event;
use crate::engine::{Blocking, Caller, Class, NodeId, Record, Turns, Walls, with_world};

/// The state of one simulated world.
pub(crate) struct World {
    /// Zero while nobody uses it.
    pub(super) id: Cell<u64>,
    pub(super) now: Cell<Time>,
    /// The loop is at work.
    pub(super) running: Cell<bool>,
    /// The node on whose behalf code runs.
    pub(super) current: Cell<NodeId>,
    /// The task that is polled.
    pub(super) polling: Cell<Option<Polling>>,
    /// A killed node's destructors run: nothing that they start takes effect.
    pub(super) muted: Cell<bool>,
    pub(super) kernel: RefCell<Kernel>,
    pub(crate) record: Record,
    pub(crate) turns: Turns,
    pub(crate) walls: Walls,
    pub(crate) blocking: Blocking,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            id: Cell::new(0),
            now: Cell::new(Time::ZERO),
            running: Cell::new(false),
            current: Cell::new(NodeId::WORLD),
            polling: Cell::new(None),
            muted: Cell::new(false),
            kernel: RefCell::new(Kernel::new(0)),
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
        self.kernel.replace(Kernel::new(id));
    }

    /// Ends a simulation: drops everything that is left, silently, and is free for the next one.
    pub(super) fn end(&self) {
        self.close();
        drop(self.kernel.replace(Kernel::new(0)));
        self.id.set(0);
        self.now.set(Time::ZERO);
    }

    pub(crate) fn now(&self) -> Time {
        self.now.get()
    }

    #[inline]
    pub(super) fn arm(&self, at: Time, class: Class, action: Action) -> Option<TimerKey> {
        if self.muted.get() {
            return None;
        }
        let at = at.max(self.now.get());
        Some(self.kernel.borrow_mut().queue.arm(at, class, action))
    }

    pub(crate) fn emit(&self, event: Event) {
        if !self.muted.get() {
            self.record.emit(self.now.get(), event);
        }
    }

    pub(crate) fn add_node(&self, name: &str) -> NodeId {
        let nodes = &mut self.kernel.borrow_mut().nodes;
        nodes.push(Node::new(name));
        NodeId(u32::try_from(nodes.len() - 1).expect("fewer than 2³² nodes"))
    }

    pub(super) fn node<T>(&self, node: NodeId, action: impl FnOnce(&mut Node) -> T) -> T {
        action(&mut self.kernel.borrow_mut().nodes[node.0 as usize])
    }

    /// The node on whose behalf code runs.
    pub(crate) fn current(&self) -> NodeId {
        self.current.get()
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
    fn reserve<F>(&self, node: NodeId, spawned: Caller) -> Option<(TaskId, NonNull<F>)>
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
pub(crate) fn spawn<F>(id: u64, node: Option<NodeId>, task: F, spawned: Caller) -> SimTask
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
