use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use cascadia_runtime::{Runtime, Time};

/// Locks a core. A panic elsewhere does not spoil it: cores are consistent between their events.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The output of `work` unless it takes beyond `at`; `work` is then dropped, unless it is lent.
/// What is ready exactly at `at` counts, so the work is polled before the deadline.
pub async fn before<R, F>(world: &R, at: Time, mut work: F) -> Option<F::Output>
where
    R: Runtime,
    F: Future + Unpin,
{
    if at == Time::MAX {
        return Some(work.await);
    }
    let mut deadline = pin!(world.deadline(at));
    poll_fn(|context| {
        if let Poll::Ready(output) = Pin::new(&mut work).poll(context) {
            return Poll::Ready(Some(output));
        }
        deadline.as_mut().poll(context).map(|()| None)
    })
    .await
}
