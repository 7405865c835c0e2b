use cascadia_runtime::Ended;

use super::nodes::NodeId;
use super::tasks::{State, TaskFuture};
use super::world::World;

/// The life of nodes and the end of tasks that do not end by themselves.
impl World {
    /// Drops the node's tasks, silently.
    pub(crate) fn kill(&self, node: NodeId) {
        assert!(node != NodeId::WORLD, "the world itself cannot be killed");
        let mut next = self.node(node, |node| {
            node.alive = false;
            node.paused = false;
            node.parked.clear();
            node.first_task
        });
        let mut doomed = Vec::new();
        while let Some(index) = next {
            next = self.tasks.borrow().slots[index as usize].next;
            doomed.extend(self.end(index, Ended::Killed));
        }
        self.drop_muted(node, doomed);
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
        for task in parked {
            self.ready.push(task);
        }
    }

    /// Aborts one task. Its destructors run as usual, on its node.
    pub(super) fn abort(&self, index: u32, generation: u32) {
        let node = {
            let slot = &self.tasks.borrow().slots[index as usize];
            let live = matches!(slot.state, State::Waiting | State::Running);
            if slot.generation != generation || !live {
                return;
            }
            slot.node
        };
        let future = self.end(index, Ended::Aborted);
        let before = self.current.replace(node);
        drop(future);
        self.current.set(before);
    }

    /// Drops everything that is left, silently.
    pub(super) fn close(&self) {
        let slots = self.tasks.borrow().slots.len();
        let mut doomed = Vec::new();
        for index in 0..slots {
            let live = self.tasks.borrow().slots[index].state == State::Waiting;
            if live {
                doomed.extend(self.end(index as u32, Ended::Killed));
            }
        }
        let actions = self.timers.borrow_mut().drain();
        self.drop_muted(NodeId::WORLD, (doomed, actions));
    }

    pub(super) fn drop_muted<T>(&self, node: NodeId, doomed: T) {
        let before = (self.current.replace(node), self.muted.replace(true));
        drop(doomed);
        self.current.set(before.0);
        self.muted.set(before.1);
    }

    /// Ends a live task from outside and hands out its future, which the caller drops. A task
    /// that is being polled ends when the poll returns.
    fn end(&self, index: u32, why: Ended) -> Option<TaskFuture> {
        let future = {
            let slot = &mut self.tasks.borrow_mut().slots[index as usize];
            slot.state = State::Doomed(why);
            slot.future.take()?
        };
        if let Some(joiner) = self.finish(index, Err(why)) {
            joiner.wake();
        }
        Some(future)
    }
}
