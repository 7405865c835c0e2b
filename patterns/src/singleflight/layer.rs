use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use cascadia_runtime::{Runtime, Time};

use super::flight::{Flight, Landing};
use super::{Boarding, Singleflight, SingleflightConfig};
use crate::bulkhead::KeyOf;
use crate::call::{BoxFuture, Call, Failure, Outcome, Request, Sense, TimedOut};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Count, Observe, Signal};
use crate::sync::{Shown, lock};

/// Asks once what many want to know at the same time.
pub struct SingleflightLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    key: Box<KeyOf<Q>>,
    core: Mutex<Core<T, E>>,
}

type Core<T, E> = Singleflight<Arc<Flight<T, E>>>;

impl<R, Q, T, E> fmt::Debug for SingleflightLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleflightLayer")
            .field("core", &Shown(&self.core, |core| core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R, Q, T, E> SingleflightLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    /// One before `inner`, for requests that are the same where `key` says the same of them.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: SingleflightConfig,
        key: Box<KeyOf<Q>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let core = Mutex::new(Singleflight::new(config));
        let Env { world, observe, .. } = env;
        Arc::new(Self { world, observe, inner, key, core })
    }

    /// How many keys there are for which a call can be joined, unless it is too old.
    pub fn flights(&self) -> usize {
        lock(&self.core).flights()
    }

    /// Makes a call or joins one.
    fn board(self: Arc<Self>, request: Q) -> Passenger<R, Q, T, E> {
        let (now, key) = (self.world.now(), (self.key)(&request));
        let deadline = request.context().baggage.deadline;
        loop {
            let depart = || Arc::new(Flight::new(deadline));
            let boarding = lock(&self.core).on_call(now, key, depart);
            match boarding {
                Boarding::Departs(number, flight) => {
                    let ticket = Ticket { layer: self, key, number, flight, seat: 0 };
                    let call = Arc::clone(&ticket.layer.inner).call(request);
                    ticket.flight.depart(call);
                    return Passenger { ticket: Some(ticket), request: None, waited: false };
                }
                Boarding::Joins(number, flight) => match flight.take_seat() {
                    Some(seat) => {
                        self.observe.signal(now, &Signal::Count(Count::SHARED));
                        let ticket = Ticket { layer: self, key, number, flight, seat };
                        let request = Some(request);
                        return Passenger { ticket: Some(ticket), request, waited: true };
                    }
                    None => lock(&self.core).on_over(key, number),
                },
            }
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for SingleflightLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request + Unpin,
    T: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        if !request.context().baggage.safe {
            return Arc::clone(&self.inner).call(request);
        }
        Box::pin(self.board(request))
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A call that waits for the end of its flight.
struct Passenger<R: Runtime, Q, T: Clone, E: Clone> {
    ticket: Option<Ticket<R, Q, T, E>>,
    /// What it asks, if that is not what is under way.
    request: Option<Q>,
    /// Somebody else flew when it was last looked at.
    waited: bool,
}

impl<R, Q, T, E> Passenger<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    /// What the end of the flight means to it, or its request if it means nothing.
    fn arrive(
        &mut self,
        end: Landing<T, E>,
        ticket: &Ticket<R, Q, T, E>,
    ) -> Result<Outcome<T, E>, Q> {
        let own = self.request.take();
        match (end, own) {
            (Landing::Landed(outcome), None) => Ok(outcome),
            (Landing::Landed(outcome), Some(request)) => {
                let deadline = request.context().baggage.deadline;
                match ticket.is_shared(&outcome, deadline) {
                    true => Ok(outcome),
                    false => Err(request),
                }
            }
            (Landing::Lost, Some(request)) => Err(request),
            (Landing::Lost, None) => unreachable!("its own call panicked, and it was polled again"),
        }
    }
}

impl<R, Q, T, E> Future for Passenger<R, Q, T, E>
where
    R: Runtime,
    Q: Request + Unpin,
    T: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    type Output = Outcome<T, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            let ticket = this.ticket.as_ref().expect("it is not polled after its end");
            if this.waited && ticket.flight.flies(ticket.seat) {
                this.waited = false;
                let taken = Signal::Count(Count::TAKEN_OVER);
                ticket.layer.observe.signal(ticket.layer.world.now(), &taken);
            }
            let end = ready!(ticket.flight.poll(ticket.seat, context));
            let ticket = this.ticket.take().expect("it has just been there");
            match this.arrive(end, &ticket) {
                Ok(outcome) => return Poll::Ready(outcome),
                Err(request) => {
                    let layer = Arc::clone(&ticket.layer);
                    drop(ticket);
                    *this = layer.board(request);
                }
            }
        }
    }
}

/// A seat of a flight. Dropped, it is empty.
struct Ticket<R: Runtime, Q, T: Clone, E: Clone> {
    layer: Arc<SingleflightLayer<R, Q, T, E>>,
    key: u64,
    number: u64,
    flight: Arc<Flight<T, E>>,
    seat: u32,
}

impl<R: Runtime, Q, T: Clone, E: Clone> Ticket<R, Q, T, E> {
    /// Whether an outcome is also that of a request with this deadline: not where it came of the
    /// deadline of the request that was sent, and this one has more time.
    fn is_shared(&self, outcome: &Outcome<T, E>, deadline: Option<Time>) -> bool {
        let end = self.flight.deadline.unwrap_or(Time::MAX);
        let came_too_late = match outcome {
            Ok(_) => false,
            Err(Failure::Rejected(rejection)) if rejection.reason.sense() == Sense::Expired => true,
            Err(Failure::TimedOut(layer)) if *layer.property() == TimedOut::NotSent => true,
            Err(_) => self.layer.world.now() >= end,
        };
        !came_too_late || deadline.unwrap_or(Time::MAX) <= end
    }
}

impl<R: Runtime, Q, T: Clone, E: Clone> Drop for Ticket<R, Q, T, E> {
    fn drop(&mut self) {
        if self.flight.leave(self.seat) {
            lock(&self.layer.core).on_over(self.key, self.number);
        }
    }
}
