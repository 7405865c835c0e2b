//! A request at work and the way of its answer.
//!
//! An exchange knows no transport: whoever made it is its [`Peer`], and brings it what has to be
//! said.

mod abandoned;
mod answer;
mod deed;
pub(crate) mod kept;
mod letter;
mod origin;
mod outcome;
mod reply;
mod shared;
mod status;
mod wait;
mod work;

use std::fmt;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use cascadia_patterns::call::{Baggage, Call, Context, Failure, Kind};
use cascadia_patterns::messaging::{Delivery, Message};
use cascadia_runtime::Time;
use cascadia_sim_core::{Local, Sim, SimTask};

use self::reply::Reply;
use self::work::Work;
use crate::blame::{Stage, Trail};
use crate::draws::Purpose;
use crate::effects::{Branch, Errand};
use crate::ids::{EndpointId, PlaceId, SpanId};
use crate::store::Ask;
use crate::tries::Tries;

pub(crate) use self::answer::{Answer, Classifier, Content, ServiceError, failed};
pub(crate) use self::deed::Deed;
pub(crate) use self::letter::{Letter, LetterKind};
pub(crate) use self::origin::{Origin, Subject};
pub use self::outcome::{Cause, Ended, Outcomes};
pub(crate) use self::shared::Shared;
pub use self::status::Status;
pub(crate) use self::wait::wait;

/// Anything that a request can be sent through.
pub(crate) type Route = Arc<dyn Call<Request, Content, ServiceError>>;

/// A request to a modelled service.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) context: Context,
    pub(crate) endpoint: EndpointId,
    /// What the request is: every draw of its work is a mix of this.
    pub(crate) key: u64,
    /// What it serves in the end.
    pub(crate) origin: Origin,
    /// Where it is noted that the connection of the request was accepted, if somebody asks.
    pub(crate) accepted: Option<Arc<Accepted>>,
    /// The call that it was made for, if a service makes it.
    pub(crate) parent: Option<Arc<Exchange>>,
    /// What all its tries have in common, where there is anything of that.
    pub(crate) shared: Option<Arc<Shared>>,
}

/// When a connection was accepted.
pub(crate) type Accepted = Local<Option<Time>>;

impl cascadia_patterns::call::Request for Request {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    fn try_clone(&mut self) -> Option<Self> {
        if !self.context.baggage.is_repeatable() {
            self.shared.get_or_insert_default();
        }
        Some(self.clone())
    }
}

impl Request {
    /// One that no stack has seen: of a user, or made for `parent`. How it is tried, and where its
    /// connection is seen to be accepted, is for the stacks that it comes to.
    #[inline]
    pub(crate) fn new(
        baggage: Baggage,
        (endpoint, key): (EndpointId, u64),
        origin: Origin,
        parent: Option<Arc<Exchange>>,
    ) -> Self {
        let context = Context::new(baggage);
        Self { context, endpoint, key, origin, accepted: None, parent, shared: None }
    }

    /// One that a component sends on its own.
    pub(crate) fn own(place: PlaceId, to: (EndpointId, u64), safe: bool) -> Self {
        let trace = Origin::own_trace(place, to.1);
        let baggage = Baggage { trace, safe, ..Baggage::default() };
        Self::new(baggage, to, Origin::Own { place }, None)
    }

    /// It asks this of a store.
    #[must_use]
    pub(crate) fn asking(mut self, ask: Ask) -> Self {
        self.shared = Some(Arc::new(Shared::asking(ask)));
        self
    }

    /// It is what is done with a message.
    #[must_use]
    pub(crate) fn consuming(mut self, delivery: &Delivery) -> Self {
        let Delivery { id, message, attempt, published } = delivery;
        // A body that is held here would be taken for one that is left to be done.
        let message = Message { id: message.id.clone(), ..Message::default() };
        let (id, message) = (id.clone(), Arc::new(message));
        let delivery = Delivery { id, message, attempt: *attempt, published: *published };
        self.shared = Some(Arc::new(Shared::consuming(Arc::new(delivery))));
        self
    }

    /// The message that it is done for, without its body, if that has an id.
    pub(crate) fn delivery(&self) -> Option<&Arc<Delivery>> {
        self.shared.as_ref()?.delivery()
    }

    /// It is a command of a saga.
    #[must_use]
    pub(crate) fn running(mut self, errand: Arc<Errand>) -> Self {
        self.shared = Some(Arc::new(Shared::running(errand)));
        self
    }

    /// Somebody wants to know when no try of it is left.
    #[must_use]
    pub(crate) fn counted(mut self, tries: &Arc<dyn Tries>) -> Self {
        let shared = Shared::tried(self.shared.as_deref(), (tries, self.key));
        self.shared = Some(Arc::new(shared));
        self
    }

    /// The command of a saga that it is.
    pub(crate) fn errand(&self) -> Option<&Arc<Errand>> {
        self.shared.as_ref()?.errand()
    }

    /// It is of a transaction of several services.
    #[must_use]
    pub(crate) fn branching(mut self, branch: Arc<Branch>) -> Self {
        self.shared = Some(Arc::new(Shared::branching(branch)));
        self
    }

    /// What it is of a transaction of several services.
    pub(crate) fn branch(&self) -> Option<&Arc<Branch>> {
        self.shared.as_ref()?.branch()
    }

    /// What it asks of a store.
    pub(crate) fn ask(&self) -> Option<&Ask> {
        self.shared.as_ref()?.ask()
    }

    fn try_key(&self, key: u64) -> u64 {
        let key = cascadia_runtime::mix(key, Purpose::Try(self.context.attempt.number).tag());
        match self.context.attempt.copy {
            0 => key,
            copy => cascadia_runtime::mix(key, Purpose::Copy(copy).tag()),
        }
    }

    /// What this attempt of it is, for all that is done for that alone.
    pub(crate) fn attempt_key(&self) -> u64 {
        let own = self.try_key(self.key);
        self.parent.as_ref().map_or(own, |parent| cascadia_runtime::mix(parent.key, own))
    }

    /// What it is about, as the user's request behind it. What nobody knows of is about something of
    /// its own.
    pub(crate) fn subject(&self) -> u32 {
        match self.origin {
            Origin::User { subject: Some(subject), .. } => subject.number(),
            _ => (self.context.baggage.trace.0 >> 32) as u32,
        }
    }

    /// It does not carry the trace of the request that it is made for.
    pub(crate) fn is_orphan(&self) -> bool {
        let trace = self.context.baggage.trace;
        self.parent.as_ref().is_some_and(|parent| parent.request.context.baggage.trace != trace)
    }

    /// It is what the user asks, and neither made for that by a service nor in place of it by a
    /// fallback: those have keys of their own.
    pub(crate) fn is_own(&self) -> bool {
        self.parent.is_none() && self.key == self.user_key()
    }

    /// The row that it is about: that of what its user asks about, or the user's request's own.
    pub(crate) fn row(&self) -> u64 {
        if let Origin::User { subject: Some(subject), .. } = self.origin {
            return subject.number().into();
        }
        let mut first = self;
        while let Some(parent) = &first.parent {
            first = &parent.request;
        }
        first.key
    }

    /// The key of the user's request that it is made for.
    pub(crate) fn user_key(&self) -> u64 {
        self.context.baggage.trace.0 as u64
    }

    /// It is not the first that is sent for its call.
    pub(crate) fn is_again(&self) -> bool {
        self.context.attempt.number > 0 || self.context.attempt.copy > 0
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange {:016x}", self.key)
    }
}

/// Who brought a request to where it is worked on, and brings back what comes of it.
pub(crate) trait Peer: Send + Sync {
    /// Brings the answer to who waits for it.
    fn answer(&self, exchange: &Arc<Exchange>, answer: Answer);

    /// The work has begun. Who sent copies of the request wants to know.
    fn begun(&self, exchange: &Arc<Exchange>);

    /// The caller has gone. Who works wants to know.
    fn cancelled(&self, exchange: &Arc<Exchange>);

    /// As what it is followed, if anybody does.
    fn span(&self) -> Option<SpanId> {
        None
    }
}

/// A request and its answer, shared by who asks and who works.
pub struct Exchange {
    pub(crate) request: Request,
    /// What the work is: another attempt is other work.
    pub(crate) key: u64,
    /// It comes from an inbound stack, which its parent has come to.
    pub(crate) is_inbound: bool,
    peer: Arc<dyn Peer>,
    reply: Reply,
    work: Work,
    pub(crate) trail: Trail,
}

impl Exchange {
    /// What comes over the network. Another attempt is other work, and so is another copy.
    #[inline]
    pub(crate) fn far(request: Request, peer: Arc<dyn Peer>) -> Arc<Self> {
        let key = request.try_key(request.key);
        Self::new(request, key, false, peer)
    }

    /// What comes from an inbound stack. What that does not send again is the work that was asked
    /// for.
    pub(crate) fn inbound(request: Request, peer: Arc<dyn Peer>) -> Arc<Self> {
        let far = request.parent.as_ref().map_or(request.key, |far| far.key);
        let key = if request.is_again() { request.try_key(far) } else { far };
        Self::new(request, key, true, peer)
    }

    #[inline]
    fn new(request: Request, key: u64, is_inbound: bool, peer: Arc<dyn Peer>) -> Arc<Self> {
        let (reply, work, trail) = (Reply::default(), Work::default(), Trail::default());
        Arc::new(Self { request, key, is_inbound, peer, reply, work, trail })
    }

    /// The replica takes the connection that the request came over.
    pub(crate) fn accept(&self, now: Time) {
        if let Some(accepted) = &self.request.accepted {
            *accepted.borrow_mut() = Some(now);
        }
    }

    /// The work begins, which whoever sent copies of the request waits for.
    pub fn begin(self: &Arc<Self>) {
        self.peer.begun(self);
    }

    /// The caller learns that the work has begun.
    pub(crate) fn begun(&self) {
        let attempt = &self.request.context.attempt;
        if let Some(tie) = &attempt.tie {
            tie.begins(attempt.copy);
        }
    }

    /// As what it is followed, if anybody does. What comes from an inbound stack is what has come to that.
    pub(crate) fn span(&self) -> Option<SpanId> {
        let far = self.request.parent.as_ref().filter(|_| self.is_inbound);
        far.map_or_else(|| self.peer.span(), |far| far.span())
    }

    /// What the request is: all that is drawn for it may be drawn from this.
    pub const fn key(&self) -> u64 {
        self.key
    }

    /// What the request is about: the key that its load drew for it, which is that of all requests
    /// made for it.
    pub fn subject(&self) -> u32 {
        self.request.subject()
    }

    /// Answers with success.
    pub fn succeed(self: &Arc<Self>) {
        self.answer(Ok(Content::default()));
    }

    /// Answers with an error.
    pub fn fail(self: &Arc<Self>) {
        self.answer(Err(Failure::Service(ServiceError::new(Kind::Error))));
    }

    /// It has come so far, and so has what it is made for, if that is its way through an inbound
    /// stack.
    #[inline]
    pub(crate) fn reach(&self, stage: Stage) {
        self.trail.reach(stage);
        if let Some(far) = self.request.parent.as_ref().filter(|_| self.is_inbound) {
            far.trail.reach(stage);
        }
    }

    /// Sends the answer on its way.
    pub(crate) fn answer(self: &Arc<Self>, answer: Answer) {
        self.trail.reach(Stage::Answered);
        self.peer.answer(self, answer);
    }

    /// Brings the answer. Nobody may be there to take it.
    pub(crate) fn fill(&self, answer: Answer) {
        self.reply.fill(answer);
    }

    #[inline]
    fn poll(&self, sim: Sim, context: &TaskContext<'_>) -> Poll<Answer> {
        self.reply.poll(sim, context)
    }

    /// Somebody waits for the answer.
    pub(crate) fn is_awaited(&self) -> bool {
        self.reply.abandoned().is_none()
    }

    /// Whether this is `other`, or its way through an inbound stack.
    pub(crate) fn serves(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        let same = |exchange: &Arc<Self>| Arc::ptr_eq(exchange, other);
        same(self) || self.request.parent.as_ref().is_some_and(same)
    }

    /// The work that it is, where that is to be done once and may be done again.
    #[inline]
    pub(crate) fn deed(&self) -> Option<Deed> {
        let shared = self.request.shared.as_ref()?;
        let once = !self.request.context.baggage.is_repeatable();
        once.then(|| Deed { of: Arc::clone(shared), key: self.key })
    }

    /// A worker takes up what an inbound stack has let in, or is done with it.
    pub(crate) fn taken_up(&self, begins: bool) {
        if let Some(far) = self.request.parent.as_ref().filter(|_| self.is_inbound) {
            far.work.taken_up(begins);
        }
    }

    /// It is on its way through an inbound stack, and no worker works on it.
    pub(crate) fn waits_inbound(&self) -> bool {
        self.work.waits_inbound()
    }

    /// Remembers the task that works on the request, for the case that it is cancelled.
    pub(crate) fn set_task(&self, task: SimTask) {
        self.work.set_task(task);
    }

    /// Forgets the task, which has done its work.
    pub(crate) fn end_task(&self) {
        self.work.end_task();
    }

    /// Aborts the task that works on the request.
    pub(crate) fn abort_task(&self) {
        self.work.abort_task();
    }
}
