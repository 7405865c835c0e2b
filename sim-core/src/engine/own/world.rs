use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::task::Waker;

use cascadia_runtime::{Ended, Time};

use super::nodes::{Node, NodeId};
use super::ready::Ready;
use super::tasks::{State, TaskFuture, Tasks};
use super::timers::{Action, Class, TimerKey, Timers};
use crate::{Digest, Event};

/// The state of one simulated world.
///
/// Every part has a cell of its own, and none is borrowed while foreign code runs: a future, a
/// callback or a destructor may do anything to the world.
pub(crate) struct World {
    pub(super) id: u64,
    pub(crate) seed: u64,
    pub(crate) now: Cell<Time>,
    /// The node on whose behalf code runs.
    pub(super) current: Cell<NodeId>,
    /// A killed node's destructors run: nothing that they start takes effect.
    pub(super) muted: Cell<bool>,
    pub(super) timers: RefCell<Timers>,
    pub(super) tasks: RefCell<Tasks>,
    pub(super) ready: Ready,
    nodes: RefCell<Vec<Node>>,
    pub(crate) digest: RefCell<Digest>,
    streams: RefCell<BTreeSet<(String, String, u64)>>,
}

thread_local! {
    static WORLD: RefCell<Option<Rc<World>>> = const { RefCell::new(None) };
}

/// Runs `action` in the world `id`.
///
/// # Panics
///
/// When that world does not live on this thread.
pub(crate) fn with_world<T>(id: u64, action: impl FnOnce(&World) -> T) -> T {
    try_with_world(id, action)
        .expect("a handle of a simulation was used outside its run or on another thread")
}

/// The same, for destructors: `None` when the world is gone.
pub(super) fn try_with_world<T>(id: u64, action: impl FnOnce(&World) -> T) -> Option<T> {
    WORLD
        .try_with(|world| world.borrow().as_ref().filter(|world| world.id == id).map(|w| action(w)))
        .ok()
        .flatten()
}

/// Makes `world` the one of this thread.
pub(super) fn install(world: &Rc<World>) {
    WORLD.with(|slot| {
        let before = slot.borrow_mut().replace(Rc::clone(world));
        assert!(before.is_none(), "a thread holds one simulation at a time; drop the other first");
    });
}

pub(super) fn uninstall() {
    WORLD.with(|slot| slot.borrow_mut().take());
}

impl World {
    pub(super) fn new(id: u64, seed: u64) -> Self {
        Self {
            id,
            seed,
            now: Cell::new(Time::ZERO),
            current: Cell::new(NodeId::WORLD),
            muted: Cell::new(false),
            timers: RefCell::default(),
            tasks: RefCell::default(),
            ready: Ready::default(),
            nodes: RefCell::new(vec![Node::new("world")]),
            digest: RefCell::default(),
            streams: RefCell::default(),
        }
    }

    pub(crate) fn arm(&self, at: Time, class: Class, action: Action) -> Option<TimerKey> {
        let at = at.max(self.now.get());
        (!self.muted.get()).then(|| self.timers.borrow_mut().arm(at, class, action))
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
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node::new(name));
        NodeId(u32::try_from(nodes.len() - 1).expect("fewer than 2³² nodes"))
    }

    pub(super) fn node<T>(&self, node: NodeId, action: impl FnOnce(&mut Node) -> T) -> T {
        action(&mut self.nodes.borrow_mut()[node.0 as usize])
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
    pub(crate) fn spawn(&self, node: NodeId, future: TaskFuture) -> Option<(u32, u32)> {
        if self.muted.get() || !self.is_alive(node) {
            return None;
        }
        let mut tasks = self.tasks.borrow_mut();
        let index = tasks.insert(node, future, |slot| self.ready.waker(self.id, slot));
        let next = self.node(node, |node| node.first_task.replace(index));
        if let Some(next) = next {
            tasks.slots[next as usize].previous = Some(index);
        }
        let slot = &mut tasks.slots[index as usize];
        slot.next = next;
        slot.previous = None;
        if slot.wake.claim() {
            self.ready.push(index);
        }
        Some((index, slot.generation))
    }

    /// Puts a task on the node on whose behalf code runs.
    pub(crate) fn spawn_here(&self, future: TaskFuture) -> Option<(u32, u32)> {
        self.spawn(self.current.get(), future)
    }

    /// Takes an ended task out of its node and, when nobody will ask for it, out of its slot.
    pub(super) fn finish(&self, index: u32, result: Result<(), Ended>) -> Option<Waker> {
        let mut tasks = self.tasks.borrow_mut();
        let slot = &mut tasks.slots[index as usize];
        let (node, previous, next) = (slot.node, slot.previous, slot.next);
        slot.state = State::Ended(result);
        let joiner = slot.joiner.take();
        let detached = slot.detached;
        match previous {
            Some(previous) => tasks.slots[previous as usize].next = next,
            None => self.node(node, |node| node.first_task = next),
        }
        if let Some(next) = next {
            tasks.slots[next as usize].previous = previous;
        }
        if detached {
            tasks.remove(index);
        }
        joiner
    }
}
