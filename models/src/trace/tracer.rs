use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::{Local, Sim};

use super::drafts::{Draft, Drafts};
use super::note::{End, Note, What};
use super::search::Search;
use super::span::{SpanKind, Trace};
use super::tree;
use super::wanted::Wanted;
use crate::exchange::{Ended, Origin, Request};
use crate::ids::SpanId;

/// Follows requests.
#[derive(Debug)]
pub(crate) struct Tracer {
    sim: Sim,
    wanted: Wanted,
    /// What is sent before that counts for nothing, and is no example of anything.
    warmup: Time,
    state: Local<State>,
}

#[derive(Debug)]
struct State {
    drafts: Drafts,
    search: Option<Search>,
    /// What is at work: whatever begins now, begins for it.
    current: Option<SpanId>,
    done: Vec<Trace>,
    /// The best that the search has found.
    found: Option<Trace>,
}

impl Tracer {
    pub(crate) fn new(sim: Sim, wanted: Wanted, warmup: Time) -> Self {
        let search = wanted.about.map(Search::new);
        let (drafts, current, done, found) = (Drafts::default(), None, Vec::new(), None);
        let state = Local::new(State { drafts, search, current, done, found });
        Self { sim, wanted, warmup, state }
    }

    /// What was followed to its end: the wanted requests in their order, and what was found.
    pub(crate) fn take(&self) -> Vec<Trace> {
        let mut state = self.state.borrow_mut();
        let (mut done, found) = (std::mem::take(&mut state.done), state.found.take());
        let place = |trace: &Trace| self.wanted.keys.iter().position(|key| *key == trace.key);
        done.sort_by_key(place);
        done.extend(found);
        done
    }

    /// Something begins for a request, if that is followed.
    pub(crate) fn begin(&self, what: What, request: &Request) -> Option<SpanId> {
        if let SpanKind::Request(_) = what {
            return self.request(what, request);
        }
        let state = &mut *self.state.borrow_mut();
        let above = match (&request.parent, request.origin) {
            (Some(parent), _) => parent.span(),
            (None, Origin::User { load, .. }) if load == self.wanted.load => {
                state.drafts.of(request.user_key())
            }
            (None, _) => None,
        }?;
        let current = state.current.filter(|current| state.drafts.is_within(*current, above));
        let now = self.sim.now();
        let note = |parent| Note::new(Some(parent), what, now);
        state.drafts.add(current.unwrap_or(above), note)
    }

    /// Something begins for what is followed as `above`.
    pub(crate) fn begin_for(&self, above: Option<SpanId>, what: What) -> Option<SpanId> {
        let now = self.sim.now();
        let note = |parent| Note::new(Some(parent), what, now);
        self.state.borrow_mut().drafts.add(above?, note)
    }

    /// A user's request begins.
    fn request(&self, what: What, request: &Request) -> Option<SpanId> {
        let Origin::User { load, sent, .. } = request.origin else { return None };
        if load != self.wanted.load {
            return None;
        }
        let state = &mut *self.state.borrow_mut();
        let (key, counts) = (request.key, sent >= self.warmup);
        let search = state.search.as_mut().filter(|_| counts);
        let follows = self.wanted.keys.contains(&key) || search.is_some_and(Search::begins);
        follows.then(|| state.drafts.begin(key, Note::new(None, what, sent)))
    }

    /// It has arrived where it was sent.
    pub(crate) fn arrived(&self, span: SpanId) {
        self.reached(span, |note| &mut note.arrived);
    }

    /// Somebody works on it.
    pub(crate) fn begun(&self, span: SpanId) {
        self.reached(span, |note| &mut note.begun);
    }

    /// Its answer is sent.
    pub(crate) fn answered(&self, span: SpanId) {
        self.reached(span, |note| &mut note.answered);
    }

    fn reached(&self, span: SpanId, moment: fn(&mut Note) -> &mut Option<Time>) {
        let now = self.sim.now();
        if let Some(note) = self.state.borrow_mut().drafts.note(span) {
            moment(note).get_or_insert(now);
        }
    }

    /// Makes a call that is followed as `span`, and says what its end is.
    pub(crate) fn follow<T: 'static>(
        self: &Arc<Self>,
        span: SpanId,
        end: fn(&T) -> End,
        call: impl FnOnce() -> BoxFuture<T>,
    ) -> BoxFuture<T> {
        let outside = self.turn_to(Some(span));
        let call = call();
        self.turn_to(outside);
        Box::pin(Followed { tracer: Arc::clone(self), span, end, call, is_over: false })
    }

    /// From now on this is at work. Returns what was before.
    fn turn_to(&self, span: Option<SpanId>) -> Option<SpanId> {
        std::mem::replace(&mut self.state.borrow_mut().current, span)
    }

    /// The caller knows how something ended, or has gone.
    fn ended(&self, span: SpanId, how: Option<End>) {
        let now = self.sim.now();
        let state = &mut *self.state.borrow_mut();
        if let Some(note) = state.drafts.note(span) {
            (note.end, note.how) = (Some(now), how);
        }
        if span.number == 0
            && let Some(draft) = state.drafts.end(span.trace)
        {
            self.keep(state, draft, how);
        }
    }

    /// A request has ended: it was wanted, or may be what is searched for.
    fn keep(&self, state: &mut State, draft: Draft, how: Option<End>) {
        if self.wanted.keys.contains(&draft.key) {
            return state.done.push(trace(draft));
        }
        let root = &draft.notes[0];
        let took = root.end.map(|end| end.nanos_since(root.begin));
        let took = took.filter(|_| how.is_some_and(|how| how.ended == Ended::Ok));
        if state.search.as_mut().is_some_and(|search| search.ends(took)) {
            state.found = Some(trace(draft));
        }
    }
}

fn trace(Draft { key, notes, left_out }: Draft) -> Trace {
    Trace { key, spans: tree::spans(&notes), left_out }
}

/// A call that is followed. Dropped before its end, its caller has gone.
struct Followed<T> {
    tracer: Arc<Tracer>,
    span: SpanId,
    end: fn(&T) -> End,
    call: BoxFuture<T>,
    is_over: bool,
}

impl<T> Future for Followed<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let outside = self.tracer.turn_to(Some(self.span));
        let polled = self.call.as_mut().poll(context);
        self.tracer.turn_to(outside);
        if let Poll::Ready(value) = &polled {
            self.is_over = true;
            self.tracer.ended(self.span, Some((self.end)(value)));
        }
        polled
    }
}

impl<T> Drop for Followed<T> {
    fn drop(&mut self) {
        if !self.is_over {
            self.tracer.ended(self.span, None);
        }
    }
}
