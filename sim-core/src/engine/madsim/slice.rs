use std::cell::{Cell, RefCell};
use std::task::Waker;

use cascadia_runtime::Time;

use crate::RunError;

/// How much may happen within one instant.
const INSTANT_LIMIT: u64 = 5_000_000;

/// The slice of a run that is at work. madsim works until nothing is ready, so that a slice ends
/// late, and after a failure nothing does anything any more.
#[derive(Default)]
pub(super) struct Slice {
    left: Cell<u64>,
    /// Who waits for its end.
    waker: RefCell<Option<Waker>>,
    failure: RefCell<Option<RunError>>,
    /// The latest instant in which something was done.
    instant: Cell<Time>,
    steps_in_instant: Cell<u64>,
}

impl Slice {
    /// Forgets the run.
    pub(super) fn reset(&self) {
        self.waker.take();
        self.failure.take();
        self.instant.set(Time::ZERO);
        self.steps_in_instant.set(0);
    }

    /// Begins a slice of `steps` pieces of work.
    pub(super) fn begin(&self, steps: u64) {
        self.left.set(steps);
    }

    /// Whether it is over; if not, `waker` is woken when it is.
    pub(super) fn is_over(&self, waker: &Waker) -> bool {
        self.waker.replace(Some(waker.clone()));
        self.left.get() == 0
    }

    /// Ends it.
    pub(super) fn end(&self) {
        self.left.set(0);
        let waker = self.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Counts so many steps at `now`; whether they are the first too many of their instant.
    pub(super) fn step(&self, now: Time, steps: u64) -> bool {
        let left = self.left.get();
        if (1..=steps).contains(&left) {
            self.end();
        }
        self.left.set(left.saturating_sub(steps));
        let same = self.instant.replace(now) == now;
        let before = if same { self.steps_in_instant.get() } else { 0 };
        self.steps_in_instant.set(before + steps);
        before < INSTANT_LIMIT && before + steps >= INSTANT_LIMIT
    }

    /// The latest instant in which something was done.
    pub(super) fn instant(&self) -> Time {
        self.instant.get()
    }

    /// Fails the run. What fails first counts.
    pub(super) fn fail(&self, error: RunError) {
        self.failure.borrow_mut().get_or_insert(error);
        self.end();
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failure.borrow().is_some()
    }

    pub(super) fn failure(&self) -> Option<RunError> {
        self.failure.borrow().clone()
    }
}
