use std::cell::{Cell, RefCell};

use cascadia_runtime::Time;

use super::kernel::{Action, Kernel};
use super::nodes::Node;
use super::queue::TimerKey;
use super::target::Polling;
use super::tasks::TaskId;
use crate::Event;
use crate::engine::{Class, NewTask, NodeId, Record};

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
        }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id.get()
    }

    /// Begins a simulation.
    pub(crate) fn begin(&self, id: u64, seed: u64) {
        self.id.set(id);
        self.record.begin(seed);
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

    pub(super) fn arm(&self, at: Time, class: Class, action: Action) -> Option<TimerKey> {
        let at = at.max(self.now.get());
        (!self.muted.get()).then(|| self.kernel.borrow_mut().queue.arm(at, class, action))
    }

    pub(crate) fn call_at(&self, at: Time, callback: Box<dyn FnOnce()>) {
        self.arm(at, Class::Event, Action::Call(callback));
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
    pub(crate) fn spawn(&self, node: NodeId, new: NewTask) -> Option<TaskId> {
        if self.muted.get() {
            return None;
        }
        let spawned = self.kernel.borrow_mut().spawn(node, new);
        spawned.ok()
    }

    /// Puts a task on the node on whose behalf code runs.
    pub(crate) fn spawn_here(&self, new: NewTask) -> Option<TaskId> {
        self.spawn(self.current.get(), new)
    }
}
