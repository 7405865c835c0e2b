//! A hop: a message there, a message back.
//!
//! A call to another node is never a nested await. The request is delivered to the target, which
//! works on it as its own task; the caller holds only a [`Slot`] for the answer. A caller that
//! stops waiting sends a cancel message, which travels like any other; what the target does
//! with it is the target's business.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use cascadia_patterns::call::{BoxFuture, Call, Request as _};
use cascadia_runtime::{Runtime, Task as _, Time};
use cascadia_sim_core::{Sim, SimTask};

use crate::model::Model;
use crate::network::Message;
use crate::plan::{Instance, Party};
use crate::request::{Answer, Request, ServiceError};
use crate::service::Job;
use crate::sync::lock;

/// The way from one caller to one replica: the innermost end of a policy stack.
pub(crate) struct Hop {
    pub(crate) model: Arc<Model>,
    pub(crate) from: Party,
    pub(crate) to: Instance,
}

impl Call<Request, (), ServiceError> for Hop {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let slot = Slot::new(request.parent.clone());
        let key = request.attempt_key();
        if request.context().attempt > 0 {
            self.model.load(request.origin.load).retried(request.origin.sent);
        }
        let target = Arc::clone(&slot);
        self.send(Message::Request, key, move |hop| {
            let reply = Reply::Far { hop: Arc::clone(hop), key };
            let job = Job::new(request, target, reply, hop.model.now());
            hop.model.replica(hop.to).arrive(&hop.model, job);
        });
        let sim = self.model.sim;
        wait(slot, sim, move |slot| {
            let slot = Arc::clone(slot);
            self.send(Message::Cancel, key, move |hop| {
                hop.model.replica(hop.to).cancel(&hop.model, &slot);
            });
        })
    }
}

impl Hop {
    /// Sends a message: delivered at once where there is no latency, never where it is lost.
    fn send(
        self: &Arc<Self>,
        message: Message,
        key: u64,
        deliver: impl FnOnce(&Arc<Self>) + 'static,
    ) {
        let Some(delay) = self.model.network.delay(self.from, self.to, message, key) else {
            return;
        };
        if delay.is_zero() && message != Message::Cancel {
            return deliver(self);
        }
        let hop = Arc::clone(self);
        let sim = self.model.sim;
        sim.at(sim.now() + delay, move || deliver(&hop));
    }
}

/// How the answer to a job travels.
pub(crate) enum Reply {
    /// Over the network.
    Far {
        /// The way that the request came.
        hop: Arc<Hop>,
        /// The key of the attempt.
        key: u64,
    },
    /// To the inbound stack of the same replica.
    Near,
}

impl Reply {
    pub(crate) fn send(self, slot: Arc<Slot>, answer: Answer) {
        match self {
            Self::Near => slot.fill(answer),
            Self::Far { hop, key } => hop.send(Message::Answer, key, move |_| slot.fill(answer)),
        }
    }
}

/// Where the answer to a call arrives.
pub(crate) struct Slot {
    state: Mutex<SlotState>,
    /// The call on whose behalf this one is made.
    parent: Option<Arc<Self>>,
}

#[derive(Default)]
struct SlotState {
    answer: Option<Answer>,
    waker: Option<Waker>,
    /// When the caller stopped waiting.
    abandoned: Option<Time>,
    /// What works on the call, where it can be stopped.
    task: Option<SimTask>,
}

impl Slot {
    pub(crate) fn new(parent: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), parent })
    }

    /// Brings the answer. Nobody may be there to take it.
    pub(crate) fn fill(&self, answer: Answer) {
        let waker = {
            let mut state = lock(&self.state);
            state.answer = Some(answer);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// When the caller, or whoever it works for, stopped waiting.
    pub(crate) fn abandoned(&self) -> Option<Time> {
        let own = lock(&self.state).abandoned;
        let above = self.parent.as_ref().and_then(|parent| parent.abandoned());
        match (own, above) {
            (Some(own), Some(above)) => Some(own.min(above)),
            (own, above) => own.or(above),
        }
    }

    /// The caller stops waiting.
    pub(crate) fn abandon(&self, now: Time) {
        lock(&self.state).abandoned = Some(now);
    }

    /// Whether this is the call `other`, or its way through an inbound stack.
    pub(crate) fn serves(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        let same = |slot: &Arc<Self>| Arc::ptr_eq(slot, other);
        same(self) || self.parent.as_ref().is_some_and(same)
    }

    /// Remembers the task that works on the call, for the case that it is cancelled.
    pub(crate) fn set_task(&self, task: SimTask) {
        lock(&self.state).task = Some(task);
    }

    /// Aborts the task that works on the call.
    pub(crate) fn abort_task(&self) {
        let task = lock(&self.state).task.take();
        if let Some(task) = task {
            task.abort();
        }
    }

    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<Answer> {
        let mut state = lock(&self.state);
        if let Some(answer) = state.answer.take() {
            return Poll::Ready(answer);
        }
        match &mut state.waker {
            Some(held) => held.clone_from(context.waker()),
            empty => *empty = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

/// The wait of a caller. Dropped before the answer, it tells the target.
struct Wait<F: FnMut(&Arc<Slot>)> {
    slot: Arc<Slot>,
    sim: Sim,
    cancel: F,
    over: bool,
}

/// Waits for the answer in `slot`; `cancel` is called if the caller stops waiting before.
pub(crate) fn wait<F>(slot: Arc<Slot>, sim: Sim, cancel: F) -> BoxFuture<Answer>
where
    F: FnMut(&Arc<Slot>) + Unpin + Send + 'static,
{
    Box::pin(Wait { slot, sim, cancel, over: false })
}

impl<F: FnMut(&Arc<Slot>) + Unpin> Future for Wait<F> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let polled = self.slot.poll(context);
        self.over = polled.is_ready();
        polled
    }
}

impl<F: FnMut(&Arc<Slot>)> Drop for Wait<F> {
    fn drop(&mut self) {
        if !self.over {
            self.slot.abandon(self.sim.now());
            (self.cancel)(&self.slot);
        }
    }
}
