use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use cascadia_runtime::Ended;

use crate::engine::{Caller, NodeId};

/// A task's future.
pub(super) type TaskFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A task to be spawned.
pub(super) struct NewTask {
    pub(super) future: TaskFuture,
    pub(super) spawned: Caller,
}

/// The work of a task, and its end.
pub(super) struct Work {
    pub(super) node: NodeId,
    pub(super) spawned: Caller,
    /// Counts the tasks of a world.
    pub(super) number: u64,
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    /// Who waits for the task through its handle.
    joiner: Option<Waker>,
}

enum Stage {
    /// Waiting for a wake.
    Waiting(TaskFuture),
    /// Being polled.
    Running,
    /// Being polled, and ended from outside meanwhile.
    Doomed(Ended),
    Ended(Result<(), Ended>),
}

/// Work that came to its end: how, and what is left of it for the caller to drop.
pub(super) type Over = (Result<(), Ended>, TaskFuture);

impl Work {
    pub(super) fn new(node: NodeId, number: u64, new: NewTask) -> Self {
        let state = State { stage: Stage::Waiting(new.future), joiner: None };
        Self { node, spawned: new.spawned, number, state: Mutex::new(state) }
    }

    /// Takes the work up to be polled, unless the task has ended.
    pub(super) fn take_up(&self) -> Option<TaskFuture> {
        let stage = &mut self.lock().stage;
        match std::mem::replace(stage, Stage::Running) {
            Stage::Waiting(future) => Some(future),
            other => {
                *stage = other;
                None
            }
        }
    }

    /// Puts the work back after a poll, unless it came to its end.
    pub(super) fn put_back(&self, future: TaskFuture, polled: Poll<()>) -> Option<Over> {
        let stage = &mut self.lock().stage;
        match (polled, &*stage) {
            (_, Stage::Doomed(why)) => Some((Err(*why), future)),
            (Poll::Ready(()), _) => Some((Ok(()), future)),
            (Poll::Pending, _) => {
                *stage = Stage::Waiting(future);
                None
            }
        }
    }

    /// Ends work that was polled. Returns who waits for that.
    pub(super) fn finish(&self, result: Result<(), Ended>) -> Option<Waker> {
        let mut state = self.lock();
        state.stage = Stage::Ended(result);
        state.joiner.take()
    }

    /// Ends work that waits, and hands it out with who waits for its end. Work that is being
    /// polled ends when the poll returns.
    pub(super) fn stop(&self, why: Ended) -> Option<(TaskFuture, Option<Waker>)> {
        let mut state = self.lock();
        let (after, future) = match std::mem::replace(&mut state.stage, Stage::Running) {
            Stage::Waiting(future) => (Stage::Ended(Err(why)), Some(future)),
            Stage::Running | Stage::Doomed(Ended::Aborted) => (Stage::Doomed(why), None),
            over => (over, None),
        };
        state.stage = after;
        future.map(|future| (future, state.joiner.take()))
    }

    /// How the task ended; if it has not, `joiner` is woken when it does.
    pub(super) fn join(&self, joiner: &Waker) -> Poll<Result<(), Ended>> {
        let joiner = joiner.clone();
        let before = {
            let mut state = self.lock();
            if let Stage::Ended(result) = state.stage {
                return Poll::Ready(result);
            }
            state.joiner.replace(joiner)
        };
        drop(before);
        Poll::Pending
    }

    /// Nobody waits any more.
    pub(super) fn detach(&self) {
        let joiner = self.lock().joiner.take();
        drop(joiner);
    }

    pub(super) fn waits(&self) -> bool {
        matches!(self.lock().stage, Stage::Waiting(_))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
