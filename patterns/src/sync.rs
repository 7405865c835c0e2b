use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::task::{Context, Poll, Waker};

use cascadia_runtime::{Runtime, Time};

/// Locks a core. A panic elsewhere does not spoil it: cores are consistent between their events.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows a part of what a lock guards. It never waits: whoever holds the lock may be who asks.
pub(crate) struct Shown<'a, S, P>(pub(crate) &'a Mutex<S>, pub(crate) fn(&S) -> &P);

impl<S, P: fmt::Debug> fmt::Debug for Shown<'_, S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(mutex, part) = self;
        match mutex.try_lock() {
            Ok(state) => part(&state).fmt(f),
            Err(TryLockError::Poisoned(state)) => part(state.get_ref()).fmt(f),
            Err(TryLockError::WouldBlock) => f.write_str("<locked>"),
        }
    }
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

/// Rung by many, heard by one task, which may be busy meanwhile: it hears then that it was rung, once.
#[derive(Default)]
pub(crate) struct Bell(Mutex<Ring>);

#[derive(Default)]
struct Ring {
    rings: bool,
    task: Option<Waker>,
}

impl Bell {
    pub(crate) fn ring(&self) {
        let task = {
            let mut ring = lock(&self.0);
            ring.rings = true;
            ring.task.take()
        };
        task.into_iter().for_each(Waker::wake);
    }

    /// Ready where it was rung since it was last heard.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut ring = lock(&self.0);
        if std::mem::take(&mut ring.rings) {
            return Poll::Ready(());
        }
        if !ring.task.as_ref().is_some_and(|task| task.will_wake(context.waker())) {
            ring.task = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

/// A timer that is kept from one wait to the next, for a loop that is woken often and whose next deadline is seldom
/// another one.
pub(crate) struct Alarm<R: Runtime>(Option<(Time, Pin<Box<R::Sleep>>)>);

impl<R: Runtime> Default for Alarm<R> {
    fn default() -> Self {
        Self(None)
    }
}

impl<R: Runtime> Alarm<R> {
    /// As [`before`], for work that may be polled any number of times.
    pub(crate) async fn before<F>(&mut self, world: &R, at: Time, mut work: F) -> Option<F::Output>
    where
        F: Future + Unpin,
    {
        poll_fn(|context| match Pin::new(&mut work).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => self.poll(world, at, context).map(|()| None),
        })
        .await
    }

    fn poll(&mut self, world: &R, at: Time, context: &mut Context<'_>) -> Poll<()> {
        if at == Time::MAX {
            return Poll::Pending;
        }
        loop {
            self.0.take_if(|(set, _)| *set > at);
            let (set, sleep) = self.0.get_or_insert_with(|| (at, Box::pin(world.deadline(at))));
            if sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            // One that is set too early is set anew when it rings.
            let is_due = *set == at;
            self.0 = None;
            if is_due {
                return Poll::Ready(());
            }
        }
    }
}
