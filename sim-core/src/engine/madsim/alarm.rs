use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use cascadia_runtime::Time;

use super::clock::{Clock, Part};

/// Whom a timer of madsim wakes, until it has. The timer itself cannot be cancelled.
#[derive(Debug)]
pub(super) struct Alarm(Mutex<Option<Waker>>);

impl Alarm {
    pub(super) fn set(clock: &Clock, at: Time, part: Part, waker: &Waker) -> Arc<Self> {
        let alarm = Arc::new(Self(Mutex::new(Some(waker.clone()))));
        clock.wake_at(at, part, &Waker::from(Arc::clone(&alarm)));
        alarm
    }

    /// Whether it has rung; if not, it will wake `waker`.
    pub(super) fn has_rung(&self, waker: &Waker) -> bool {
        let waker = waker.clone();
        let before = self.lock().as_mut().map(|held| std::mem::replace(held, waker));
        before.is_none()
    }

    /// Wakes nobody from now on.
    pub(super) fn cancel(&self) {
        let waker = self.lock().take();
        drop(waker);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let waker = self.lock().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
