use std::rc::Rc;

use cascadia_runtime::Ended;

use super::work::{TaskFuture, Work};
use super::world::World;
use crate::engine::NodeId;

/// The life of nodes and the end of tasks that do not end by themselves.
impl World {
    /// Drops the tasks of nodes, silently, the youngest of each first.
    pub(crate) fn kill_all(&self, nodes: &[NodeId]) {
        nodes.iter().for_each(|node| self.kill(*node));
    }

    fn kill(&self, node: NodeId) {
        assert!(node != NodeId::WORLD, "the world itself cannot be killed");
        let tasks: Vec<_> = {
            let mut kernel = self.kernel();
            let place = kernel.node(node);
            place.alive = false;
            place.paused = false;
            let id = place.place.id();
            kernel.runtime.handle().kill(id);
            kernel.tasks.extract_if(.., |_, work| work.node == node).collect()
        };
        let doomed = tasks.iter().rev().filter_map(|(_, work)| self.stop(work, Ended::Killed));
        self.drop_muted(node, doomed.collect::<Vec<_>>());
    }

    /// Brings a killed node back, with no tasks.
    pub(crate) fn restart(&self, node: NodeId) {
        let mut kernel = self.kernel();
        let place = kernel.node(node);
        if place.alive {
            return;
        }
        place.alive = true;
        let (id, paused) = (place.place.id(), place.paused);
        let runtime = Rc::clone(&kernel.runtime);
        runtime.handle().restart(id);
        if paused {
            runtime.handle().pause(id);
        }
        let reborn = runtime.handle().get_node(id);
        kernel.node(node).place = reborn.expect("a node that was made is there");
    }

    /// Stops polling the node's tasks.
    pub(crate) fn pause(&self, node: NodeId) {
        let mut kernel = self.kernel();
        kernel.node(node).paused = true;
        let id = kernel.node(node).place.id();
        kernel.runtime.handle().pause(id);
    }

    /// Polls them again.
    pub(crate) fn resume(&self, node: NodeId) {
        let mut kernel = self.kernel();
        kernel.node(node).paused = false;
        let id = kernel.node(node).place.id();
        kernel.runtime.handle().resume(id);
    }

    /// Aborts one task. Its destructors run as usual, on its node.
    pub(super) fn abort(&self, work: &Work) {
        let future = self.stop(work, Ended::Aborted);
        let before = self.current.replace(work.node);
        drop(future);
        self.current.set(before);
    }

    /// Drops everything that is left, silently, and has madsim drop the shells.
    pub(super) fn close(&self) {
        let (tasks, callbacks) = {
            let mut kernel = self.kernel();
            (std::mem::take(&mut kernel.tasks), std::mem::take(&mut kernel.callbacks))
        };
        let doomed = tasks.values().filter_map(|work| work.stop(Ended::Killed));
        self.drop_muted(NodeId::WORLD, doomed.collect::<Vec<_>>());
        self.drop_muted(NodeId::WORLD, callbacks);
        self.kernel().drop_shells();
    }

    pub(super) fn drop_muted<T>(&self, node: NodeId, doomed: T) {
        let before = (self.current.replace(node), self.muted.replace(true));
        drop(doomed);
        self.current.set(before.0);
        self.muted.set(before.1);
    }

    /// Ends a live task from outside and hands out its future, which the caller drops. A task
    /// that is being polled ends when the poll returns.
    fn stop(&self, work: &Work, why: Ended) -> Option<TaskFuture> {
        let (future, joiner) = work.stop(why)?;
        self.kernel().tasks.remove(&work.number);
        if let Some(joiner) = joiner {
            joiner.wake();
        }
        Some(future)
    }
}
