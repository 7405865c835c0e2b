//! Where calls wait for a permit: what bulkheads and shedders have in common.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use cascadia_runtime::{Runtime, Time};

use crate::call::{BoxFuture, Rejection};
use crate::in_order::InOrder;
use crate::sync::{Shown, lock};

/// A place in a queue; earlier places are smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub(crate) u64);

/// Which of several compartments a permit or a place belongs to.
pub(crate) type Lane = u32;

/// A core that calls wait in. A permit is held from the poll that returned it on. The clock is
/// read only where the time matters, as it is what costs most.
pub(crate) trait Waitroom: Send {
    /// A permit comes back.
    fn on_released(&mut self, now: impl FnOnce() -> Time, lane: Lane);

    /// A waiter leaves, with or without a permit that it has not claimed.
    fn on_left(&mut self, now: Time, lane: Lane, ticket: Ticket);

    /// What became of a waiter, if its wait is over. It is then forgotten.
    fn on_polled(&mut self, lane: Lane, ticket: Ticket) -> Option<Result<(), Rejection>>;

    /// The next waiter whose wait is over.
    fn poll_over(&mut self) -> Option<(Lane, Ticket)>;
}

/// A core and those who wait in it.
///
/// Wakers are woken and dropped only while the lock is free: the last one of a task may drop the
/// task, and with it a permit.
pub(crate) struct Gate<R, C> {
    pub(crate) world: R,
    shared: Mutex<Shared<C>>,
}

impl<R, C: fmt::Debug> fmt::Debug for Gate<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(&self.shared, |shared| &shared.core).fmt(f)
    }
}

struct Shared<C> {
    core: C,
    wakers: InOrder<(Lane, Ticket), Waker>,
}

impl<C: Waitroom> Shared<C> {
    /// The waker of the next whose wait is over and who is asleep.
    fn poll_waker(&mut self) -> Option<Waker> {
        loop {
            let place = self.core.poll_over()?;
            if let Some(waker) = self.wakers.remove(place) {
                return Some(waker);
            }
        }
    }
}

impl<R: Runtime, C: Waitroom> Gate<R, C> {
    pub(crate) fn new(world: R, core: C) -> Arc<Self> {
        Arc::new(Self { world, shared: Mutex::new(Shared { core, wakers: InOrder::default() }) })
    }

    /// Applies an event after which nobody's wait is over.
    pub(crate) fn with<O>(&self, event: impl FnOnce(&mut C) -> O) -> O {
        event(&mut lock(&self.shared).core)
    }

    /// Applies an event and wakes those whose wait it ended.
    fn settle(&self, event: impl FnOnce(&mut C)) {
        let mut shared = lock(&self.shared);
        event(&mut shared.core);
        while let Some(waker) = shared.poll_waker() {
            drop(shared);
            waker.wake();
            shared = lock(&self.shared);
        }
    }

    /// The permit that a core has just granted.
    pub(crate) fn permit(self: &Arc<Self>, lane: Lane) -> Permit<R, C> {
        Permit { gate: Arc::clone(self), lane }
    }

    /// The wait at a place.
    pub(crate) fn turn(self: &Arc<Self>, lane: Lane, ticket: Ticket) -> Turn<R, C> {
        Turn { gate: Arc::clone(self), lane, ticket: Some(ticket) }
    }
}

/// Held while the call is under way.
pub(crate) struct Permit<R: Runtime, C: Waitroom> {
    gate: Arc<Gate<R, C>>,
    lane: Lane,
}

impl<R: Runtime, C: Waitroom> Permit<R, C> {
    /// Holds it until `call` has ended.
    pub(crate) fn hold<O>(self, call: BoxFuture<O>) -> BoxFuture<O>
    where
        C: 'static,
        O: Send + 'static,
    {
        Box::pin(async move {
            let outcome = call.await;
            drop(self);
            outcome
        })
    }
}

impl<R: Runtime, C: Waitroom> Drop for Permit<R, C> {
    fn drop(&mut self) {
        let now = || self.gate.world.now();
        self.gate.settle(|core| core.on_released(now, self.lane));
    }
}

/// Waits for a permit. Dropped before its turn, it leaves the queue.
pub(crate) struct Turn<R: Runtime, C: Waitroom> {
    gate: Arc<Gate<R, C>>,
    lane: Lane,
    ticket: Option<Ticket>,
}

impl<R: Runtime, C: Waitroom> Future for Turn<R, C> {
    type Output = Result<Permit<R, C>, Rejection>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let ticket = self.ticket.expect("a future is not polled after it was ready");
        let waker = context.waker().clone();
        let mut shared = lock(&self.gate.shared);
        let Some(fate) = shared.core.on_polled(self.lane, ticket) else {
            let replaced = shared.wakers.insert((self.lane, ticket), waker);
            drop(shared);
            drop(replaced);
            return Poll::Pending;
        };
        drop(shared);
        self.ticket = None;
        Poll::Ready(fate.map(|()| self.gate.permit(self.lane)))
    }
}

impl<R: Runtime, C: Waitroom> Drop for Turn<R, C> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let _waker = lock(&self.gate.shared).wakers.remove((self.lane, ticket));
            let now = self.gate.world.now();
            self.gate.settle(|core| core.on_left(now, self.lane, ticket));
        }
    }
}
