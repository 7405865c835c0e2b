use std::sync::{Mutex, MutexGuard, PoisonError};

use cascadia_patterns::store::Revision;
use tokio::sync::oneshot;

use crate::apply::Job;
use crate::tables::Found;

/// Where whoever has given a job waits.
pub(crate) type Answer = oneshot::Sender<Found<Revision>>;

/// Locks what is consistent between its changes, whoever has panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Jobs that wait for the one task that does them.
#[derive(Default)]
pub(crate) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: Vec<(Job, Answer)>,
    has_worker: bool,
}

impl Queue {
    /// Adds a job, and says whether there is nobody yet to do it.
    pub(crate) fn push(&self, job: Job) -> (oneshot::Receiver<Found<Revision>>, bool) {
        let (tell, told) = oneshot::channel();
        let mut state = lock(&self.0);
        state.waiting.push((job, tell));
        let wants_worker = !std::mem::replace(&mut state.has_worker, true);
        (told, wants_worker)
    }

    /// The next jobs. When there are none, the worker's work is done.
    pub(crate) fn take(&self, most: usize) -> Option<(Vec<Job>, Vec<Answer>)> {
        let mut state = lock(&self.0);
        // Who has left before it was begun is not served.
        state.waiting.retain(|(_, answer)| !answer.is_closed());
        let next = state.waiting.len().min(most.max(1));
        state.has_worker = next > 0;
        (next > 0).then(|| state.waiting.drain(..next).unzip())
    }

    /// The worker is gone, and so are those who wait for it.
    pub(crate) fn abandon(&self) {
        *lock(&self.0) = State::default();
    }
}
