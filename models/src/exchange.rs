//! A request at work and the way of its answer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Task as _, Time};
use cascadia_sim_core::{Local, SimTask, Waiter};

use crate::hop::{Hop, send_answer, send_begun, send_cancel};
use crate::model::Model;
use crate::request::{Answer, Request};
use crate::service::Station;

/// A request and its answer, shared by who asks and who works.
pub(crate) struct Exchange {
    pub(crate) request: Request,
    /// What the work is: another attempt is other work.
    pub(crate) key: u64,
    pub(crate) way: Way,
    state: Local<State>,
}

/// How a request came, and how its answer travels.
pub(crate) enum Way {
    /// Over the network.
    Far(Arc<Hop>),
    /// From the inbound stack of the same replica.
    Near(Arc<Station>),
}

impl Way {
    fn model(&self) -> &Model {
        match self {
            Self::Far(hop) => &hop.model,
            Self::Near(station) => &station.model,
        }
    }
}

#[derive(Default)]
struct State {
    answer: Option<Answer>,
    waiter: Option<Waiter>,
    /// When the caller stopped waiting.
    abandoned: Option<Time>,
    /// What works on the request or takes it through an inbound stack, where it can be stopped.
    task: Option<SimTask>,
    /// Workers that work on what an inbound stack has let in.
    workers: u32,
}

impl Exchange {
    pub(crate) fn new(request: Request, way: Way) -> Arc<Self> {
        let key = match (&way, &request.parent) {
            (Way::Near(_), Some(far)) => request.inbound_key(far.key),
            _ => request.attempt_key(),
        };
        Arc::new(Self { request, key, way, state: Local::default() })
    }

    /// The replica takes the connection that the request came over.
    pub(crate) fn accept(&self, now: Time) {
        if let Some(accepted) = &self.request.accepted {
            *accepted.borrow_mut() = Some(now);
        }
    }

    /// The work begins. Who sent copies of the request wants to know.
    pub(crate) fn begin(self: &Arc<Self>) {
        let far = match (&self.way, &self.request.parent) {
            (Way::Near(_), Some(far)) => far,
            _ => self,
        };
        if far.request.context.tie.is_some() {
            send_begun(far);
        }
    }

    /// The caller learns that the work has begun.
    pub(crate) fn begun(&self) {
        let context = &self.request.context;
        if let Some(tie) = &context.tie {
            tie.begins(context.copy);
        }
    }

    /// Sends the answer on its way.
    pub(crate) fn answer(self: &Arc<Self>, answer: Answer) {
        match &self.way {
            Way::Far(_) => send_answer(self, answer),
            Way::Near(_) => self.fill(answer),
        }
    }

    /// Brings the answer. Nobody may be there to take it.
    pub(crate) fn fill(&self, answer: Answer) {
        let waiter = {
            let mut state = self.state.borrow_mut();
            state.answer = Some(answer);
            state.waiter.take()
        };
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }

    /// When the caller, or whoever it works for, stopped waiting.
    pub(crate) fn abandoned(&self) -> Option<Time> {
        let own = self.state.borrow_mut().abandoned;
        let above = self.request.parent.as_ref().and_then(|parent| parent.abandoned());
        match (own, above) {
            (Some(own), Some(above)) => Some(own.min(above)),
            (own, above) => own.or(above),
        }
    }

    /// Whether this is `other`, or its way through an inbound stack.
    pub(crate) fn serves(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        let same = |exchange: &Arc<Self>| Arc::ptr_eq(exchange, other);
        same(self) || self.request.parent.as_ref().is_some_and(same)
    }

    /// A worker takes up what an inbound stack has let in, or is done with it.
    pub(crate) fn taken_up(&self, begins: bool) {
        if let (Way::Near(_), Some(far)) = (&self.way, &self.request.parent) {
            let workers = &mut far.state.borrow_mut().workers;
            *workers = if begins { *workers + 1 } else { *workers - 1 };
        }
    }

    /// It is on its way through an inbound stack, and no worker works on it.
    pub(crate) fn waits_inbound(&self) -> bool {
        let state = self.state.borrow_mut();
        state.task.is_some() && state.workers == 0
    }

    /// Remembers the task that works on the request, for the case that it is cancelled.
    pub(crate) fn set_task(&self, task: SimTask) {
        self.state.borrow_mut().task = Some(task);
    }

    /// Forgets the task, which has done its work.
    pub(crate) fn end_task(&self) {
        drop(self.state.borrow_mut().task.take());
    }

    /// Aborts the task that works on the request.
    pub(crate) fn abort_task(&self) {
        let task = self.state.borrow_mut().task.take();
        if let Some(task) = task {
            task.abort();
        }
    }

    #[inline]
    fn poll(&self, context: &mut Context<'_>) -> Poll<Answer> {
        let mut state = self.state.borrow_mut();
        if let Some(answer) = state.answer.take() {
            return Poll::Ready(answer);
        }
        state.waiter = Some(self.way.model().sim.waiter(context));
        Poll::Pending
    }

    /// The caller stops waiting, and tells who works.
    fn abandon(self: &Arc<Self>) {
        self.state.borrow_mut().abandoned = Some(self.way.model().now());
        match &self.way {
            Way::Far(_) => send_cancel(self),
            Way::Near(station) => station.cancel(self),
        }
    }
}

/// The wait of a caller. Dropped before the answer, it tells who works.
struct Wait {
    exchange: Arc<Exchange>,
    over: bool,
}

/// Waits for the answer.
pub(crate) fn wait(exchange: Arc<Exchange>) -> BoxFuture<Answer> {
    Box::pin(Wait { exchange, over: false })
}

impl Future for Wait {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let polled = self.exchange.poll(context);
        self.over = polled.is_ready();
        polled
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if !self.over {
            self.exchange.abandon();
        }
    }
}
