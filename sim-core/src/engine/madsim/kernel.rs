use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use ::madsim::Config;
use ::madsim::runtime::Runtime;

use super::clock::Clock;
use super::driver::Driver;
use super::nodes::Node;
use super::task::Spawned;
use super::work::{NewTask, Work};
use crate::engine::NodeId;
use crate::error::{MOST_NAMES, TaskName};

/// A runtime of madsim and what it does not keep itself. It is borrowed between two pieces of
/// foreign code, never while one runs.
pub(super) struct Kernel {
    pub(super) runtime: Rc<Runtime>,
    pub(super) clock: Clock,
    pub(super) nodes: Vec<Node>,
    /// The tasks that live, by their numbers.
    pub(super) tasks: BTreeMap<u64, Arc<Work>>,
    /// What is called at its time.
    pub(super) callbacks: BTreeMap<u64, Box<dyn FnOnce()>>,
    /// Counts tasks and callbacks.
    count: u64,
}

/// From so many ended tasks on, the memory that madsim holds for them counts.
const MANY: u64 = 100_000;

impl Kernel {
    pub(super) fn new(seed: u64) -> Self {
        let runtime = Runtime::with_seed_and_config(seed, Config::default());
        let clock = runtime.block_on(async { Clock::current() });
        let world = Node::new("world", runtime.create_node().name("world").build());
        Self {
            runtime: Rc::new(runtime),
            clock,
            nodes: vec![world],
            tasks: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            count: 0,
        }
    }

    /// Whether nothing has happened yet.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.len() == 1 && self.count == 0
    }

    /// The number of the next task or callback.
    pub(super) fn number(&mut self) -> u64 {
        self.count += 1;
        if self.count.is_multiple_of(MANY) {
            // madsim forgets the tasks that have ended only when it counts them.
            self.runtime.handle().metrics().num_tasks();
        }
        self.count
    }

    pub(super) fn node(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.0 as usize]
    }

    /// Puts a task on a node, or gives it back when the node is dead.
    pub(super) fn spawn(
        &mut self,
        world: u64,
        node: NodeId,
        new: NewTask,
    ) -> Result<Spawned, NewTask> {
        if !self.node(node).alive {
            return Err(new);
        }
        let work = Arc::new(Work::new(node, self.number(), new));
        self.tasks.insert(work.number, Arc::clone(&work));
        let shell = self.node(node).place.spawn(Driver { world, work: Arc::clone(&work) });
        Ok(Spawned { work, shell })
    }

    /// Has madsim drop what it holds of tasks and callbacks that are gone.
    pub(super) fn drop_shells(&self) {
        self.nodes.iter().for_each(|node| self.runtime.handle().kill(node.place.id()));
        self.runtime.block_on(async {});
    }

    /// What a task is called.
    pub(super) fn name(&self, work: &Work) -> TaskName {
        let node = self.nodes[work.node.0 as usize].name.clone();
        TaskName { node, spawned: work.spawned }
    }

    /// The first tasks that wait.
    pub(super) fn waiting(&self) -> Vec<TaskName> {
        let waiting = self.tasks.values().filter(|work| work.waits());
        waiting.take(MOST_NAMES).map(|work| self.name(work)).collect()
    }
}
