use std::collections::BTreeMap;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use cascadia_runtime::Time;

use crate::call::{BoxFuture, Outcome};
use crate::sync::lock;

/// A call that several wait for. The first of them polls it.
pub(super) struct Flight<T, E> {
    /// That of the request that is under way.
    pub(super) deadline: Option<Time>,
    air: Mutex<Air<T, E>>,
}

struct Air<T, E> {
    /// The call, unless it is being polled.
    call: Option<BoxFuture<Outcome<T, E>>>,
    end: Option<Landing<T, E>>,
    /// Those on board, in the order in which they came, and how to wake who waits.
    seats: BTreeMap<u32, Option<Waker>>,
    next: u32,
}

/// How a flight ends.
#[derive(Clone)]
pub(super) enum Landing<T, E> {
    /// There is an outcome.
    Landed(Outcome<T, E>),
    /// There is none: all have left, or the call panicked.
    Lost,
}

impl<T: Clone, E: Clone> Flight<T, E> {
    /// One with somebody in its first seat, number 0, and no call yet.
    pub(super) fn new(deadline: Option<Time>) -> Self {
        let seats = BTreeMap::from([(0, None)]);
        Self { deadline, air: Mutex::new(Air { call: None, end: None, seats, next: 1 }) }
    }

    /// The call is made.
    pub(super) fn depart(&self, call: BoxFuture<Outcome<T, E>>) {
        lock(&self.air).call = Some(call);
    }

    /// Another one comes on board, unless the flight is over.
    pub(super) fn take_seat(&self) -> Option<u32> {
        let air = &mut *lock(&self.air);
        if air.end.is_some() {
            return None;
        }
        let seat = air.next;
        air.next += 1;
        air.seats.insert(seat, None);
        Some(seat)
    }

    /// Whether the one in this seat polls the call.
    pub(super) fn flies(&self, seat: u32) -> bool {
        lock(&self.air).seats.first_key_value().is_some_and(|(first, _)| *first == seat)
    }

    /// Waits in a seat for the end, and polls the call in the first.
    pub(super) fn poll(&self, seat: u32, context: &mut Context<'_>) -> Poll<Landing<T, E>> {
        let call = {
            let mut air = lock(&self.air);
            if let Some(end) = &air.end {
                return Poll::Ready(end.clone());
            }
            if air.seats.first_key_value().is_none_or(|(first, _)| *first != seat) {
                air.seats.insert(seat, Some(context.waker().clone()));
                return Poll::Pending;
            }
            air.call.take()
        };
        let mut call = call.expect("nobody else polls it");
        let in_the_air = InTheAir(self);
        let polled = call.as_mut().poll(context);
        std::mem::forget(in_the_air);
        let Poll::Ready(outcome) = polled else {
            self.depart(call);
            return Poll::Pending;
        };
        let end = Landing::Landed(outcome);
        self.end(end.clone());
        Poll::Ready(end)
    }

    /// Tells all how it ended.
    fn end(&self, end: Landing<T, E>) {
        let seats = {
            let mut air = lock(&self.air);
            air.end = Some(end);
            std::mem::take(&mut air.seats)
        };
        seats.into_values().flatten().for_each(Waker::wake);
    }

    /// The one in this seat leaves, and says whether the flight is over. If it was the first, the
    /// next flies on; if it was the last, nobody does.
    pub(super) fn leave(&self, seat: u32) -> bool {
        let mut air = lock(&self.air);
        if air.end.is_some() {
            return true;
        }
        let was_first = air.seats.first_key_value().is_some_and(|(first, _)| *first == seat);
        air.seats.remove(&seat);
        // The first may be polling the call at this moment, on another thread.
        if !was_first {
            return false;
        }
        let call = air.call.take();
        if call.is_some() && !air.seats.is_empty() {
            air.call = call;
            let waker = air.seats.first_entry().and_then(|mut next| next.get_mut().take());
            drop(air);
            waker.into_iter().for_each(Waker::wake);
            return false;
        }
        // What is dropped with the call may ask this flight.
        drop(air);
        drop(call);
        self.end(Landing::Lost);
        true
    }
}

/// The call is being polled. Dropped, it has panicked.
struct InTheAir<'a, T: Clone, E: Clone>(&'a Flight<T, E>);

impl<T: Clone, E: Clone> Drop for InTheAir<'_, T, E> {
    fn drop(&mut self) {
        self.0.end(Landing::Lost);
    }
}
