use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use cascadia_runtime::{Runtime, Time};

use super::core::rejection;
use super::{Admission, Bulkhead, BulkheadConfig, Ticket};
use crate::call::{BoxFuture, Call, Outcome, Reason, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, reject};
use crate::observe::Observe;
use crate::sync::{before, lock};

/// Bounds the calls under way.
pub struct BulkheadLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    gate: Gate,
}

impl<R: Runtime, Q, T, E> BulkheadLayer<R, Q, T, E> {
    /// A bulkhead before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: BulkheadConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let gate =
            Gate(Mutex::new(Shared { core: Bulkhead::new(config), wakers: BTreeMap::new() }));
        Arc::new(Self { world: env.world, observe: env.observe, inner, gate })
    }

    /// Calls that hold a permit.
    pub fn in_flight(&self) -> u32 {
        lock(&self.gate.0).core.in_flight()
    }

    /// Calls that wait for a permit.
    pub fn waiting(&self) -> u32 {
        lock(&self.gate.0).core.waiting()
    }

    async fn enter(&self, now: Time) -> Result<Permit<'_>, Rejection> {
        let admission = lock(&self.gate.0).core.on_call(now);
        match admission {
            Admission::Granted => Ok(Permit(&self.gate)),
            Admission::Rejected(rejection) => Err(rejection),
            Admission::Queued { ticket, until } => {
                let turn = Turn { gate: &self.gate, ticket: Some(ticket) };
                let permit = before(&self.world, until, turn).await;
                permit.ok_or_else(|| rejection(Reason::WaitedTooLong))
            }
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for BulkheadLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        Box::pin(async move {
            let entered = self.enter(self.world.now()).await;
            match entered {
                Ok(_permit) => Arc::clone(&self.inner).call(request).await,
                Err(rejection) => Err(reject(&*self.observe, self.world.now(), rejection)),
            }
        })
    }
}

/// Wakers are woken and dropped only while the lock is free: the last one of a task may drop the
/// task, and with it a permit.
struct Gate(Mutex<Shared>);

struct Shared {
    core: Bulkhead,
    wakers: BTreeMap<Ticket, Waker>,
}

impl Gate {
    /// Applies an event that may hand a permit on, and wakes the waiter it is handed to.
    fn hand_on(&self, event: impl FnOnce(&mut Bulkhead) -> Option<Ticket>) {
        let waker = {
            let mut shared = lock(&self.0);
            event(&mut shared.core).and_then(|ticket| shared.wakers.remove(&ticket))
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Held while the call is under way.
struct Permit<'a>(&'a Gate);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.hand_on(Bulkhead::on_released);
    }
}

/// Waits for a permit. Dropped before its turn, it leaves the queue.
struct Turn<'a> {
    gate: &'a Gate,
    ticket: Option<Ticket>,
}

impl<'a> Future for Turn<'a> {
    type Output = Permit<'a>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Permit<'a>> {
        let ticket = self.ticket.expect("a future is not polled after it was ready");
        let waker = context.waker().clone();
        let mut shared = lock(&self.gate.0);
        if !shared.core.on_claimed(ticket) {
            let replaced = shared.wakers.insert(ticket, waker);
            drop(shared);
            drop(replaced);
            return Poll::Pending;
        }
        drop(shared);
        self.ticket = None;
        Poll::Ready(Permit(self.gate))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let _waker = lock(&self.gate.0).wakers.remove(&ticket);
            self.gate.hand_on(|core| core.on_left(ticket));
        }
    }
}
