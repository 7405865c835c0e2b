use cascadia_runtime::Ended;

use super::tasks::{State, TaskId, Work};
use super::world::World;
use crate::engine::NodeId;

/// The life of nodes and the end of tasks that do not end by themselves.
impl World {
    /// Drops the tasks of nodes, silently.
    pub(crate) fn kill_all(&self, nodes: &[NodeId]) {
        let mut tasks = self.kernel.borrow().tasks.of_nodes(nodes);
        for node in nodes {
            assert!(*node != NodeId::WORLD, "the world itself cannot be killed");
            self.node(*node, |node| {
                node.alive = false;
                node.paused = false;
                node.parked.clear();
            });
            let tasks = tasks.remove(node).unwrap_or_default();
            let stop = |index| self.stop(index, Ended::Killed);
            let doomed: Vec<_> = tasks.into_iter().filter_map(stop).collect();
            self.drop_muted(*node, doomed);
        }
    }

    /// Brings a killed node back, with no tasks.
    pub(crate) fn restart(&self, node: NodeId) {
        self.node(node, |node| node.alive = true);
    }

    /// Stops polling the node's tasks.
    pub(crate) fn pause(&self, node: NodeId) {
        self.node(node, |node| node.paused = true);
    }

    /// Polls them again.
    pub(crate) fn resume(&self, node: NodeId) {
        let parked = self.node(node, |node| {
            node.paused = false;
            std::mem::take(&mut node.parked)
        });
        let ready = &mut self.kernel.borrow_mut().ready;
        parked.into_iter().for_each(|task| ready.push(task));
    }

    /// Aborts one task. Its destructors run as usual, on its node.
    pub(super) fn abort(&self, task: TaskId) {
        let node = match self.kernel.borrow_mut().tasks.find(task) {
            Some(slot) if matches!(slot.state, State::Waiting | State::Running) => slot.node,
            _ => return,
        };
        let work = self.stop(task.slot, Ended::Aborted);
        let before = self.current.replace(node);
        drop(work);
        self.current.set(before);
    }

    /// Drops everything that is left, silently.
    pub(super) fn close(&self) {
        let doomed = self.kernel.borrow_mut().tasks.close();
        self.drop_muted(NodeId::WORLD, doomed);
        let actions: Vec<_> = self.kernel.borrow_mut().queue.drain().collect();
        self.drop_muted(NodeId::WORLD, actions);
    }

    pub(super) fn drop_muted<T>(&self, node: NodeId, doomed: T) {
        let before = (self.current.replace(node), self.muted.replace(true));
        drop(doomed);
        self.current.set(before.0);
        self.muted.set(before.1);
    }

    /// Ends a live task from outside and hands out its work, which the caller drops. A task
    /// that is being polled ends when the poll returns.
    fn stop(&self, index: u32, why: Ended) -> Option<Work> {
        let (work, joiner) = {
            let mut kernel = self.kernel.borrow_mut();
            let slot = kernel.tasks.slot(index);
            if slot.state != State::Waiting {
                slot.state = State::Doomed(why);
                return None;
            }
            (slot.work.take(), kernel.finish(index, Err(why)))
        };
        if let Some(joiner) = joiner {
            joiner.wake();
        }
        work
    }
}
