use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::{Runtime, Time};
use tokio::sync::futures::Notified;

use super::accumulator::Action;
use super::flights::{Flights, Landed};
use super::shared::Shared;
use crate::messaging::{BrokerError, ProducerIdentity, TransactionalId};
use crate::sync::{Alarm, before, lock};

/// Does what the core says, until the producer is closed and everything has ended.
pub(super) async fn drive<R: Runtime>(shared: Arc<Shared<R>>) {
    let _driven = Driven(&shared);
    let (mut flights, mut alarm) = (Flights::default(), Alarm::default());
    // Kept armed from one turn to the next.
    let mut wake = pin!(shared.wake.notified());
    loop {
        let next = work(&shared, &mut flights);
        if is_done(&shared) {
            return;
        }
        let event = poll_fn(|context| poll_event(&shared, &mut flights, wake.as_mut(), context));
        if alarm.before(&shared.world, next, event).await.is_none() {
            give_up(&shared, &mut flights);
        }
    }
}

/// Tells those who wait for the driver when it is gone, however that came about.
struct Driven<'a, R>(&'a Shared<R>);

impl<R> Drop for Driven<'_, R> {
    fn drop(&mut self) {
        lock(&self.0.state).is_driven = false;
        self.0.ended.notify_waiters();
    }
}

fn is_done<R: Runtime>(shared: &Shared<R>) -> bool {
    let state = lock(&shared.state);
    state.is_closed && state.core.has_ended(u64::MAX)
}

/// Does what is to be done now, and says when there is more.
fn work<R: Runtime>(shared: &Arc<Shared<R>>, flights: &mut Flights) -> Time {
    loop {
        let next = shared
            .with(|state, now| state.core.poll(now).ok_or_else(|| state.core.next_deadline()));
        match next {
            Ok(Action::Publish(flight, batch, until)) => {
                flights.publish(flight, until, shared.broker.publish(batch));
            }
            Ok(Action::Identify(name)) => {
                flights.identify(Box::pin(identify(Arc::clone(shared), name)));
            }
            Err(next) => return next.min(flights.next_deadline()),
        }
    }
}

/// Takes all answers that are there before anything else is sent.
fn poll_event<'a, R: Runtime>(
    shared: &'a Shared<R>,
    flights: &mut Flights,
    mut wake: Pin<&mut Notified<'a>>,
    context: &mut Context<'_>,
) -> Poll<()> {
    let mut event = Poll::Pending;
    while let Poll::Ready(landed) = flights.poll(context) {
        land(shared, landed);
        event = Poll::Ready(());
    }
    if wake.as_mut().poll(context).is_ready() {
        wake.set(shared.wake.notified());
        event = Poll::Ready(());
    }
    event
}

fn land<R: Runtime>(shared: &Shared<R>, landed: Landed) {
    shared.with(|state, now| match landed {
        Landed::Published(flight, answer) => {
            state.core.on_answer(now, flight, answer, &mut state.stream);
        }
        Landed::Identified(answer) => state.core.on_identity(now, answer, &mut state.stream),
    });
}

/// Waits no longer for batches whose time is over.
fn give_up<R: Runtime>(shared: &Shared<R>, flights: &mut Flights) {
    let now = shared.world.now();
    while let Some(flight) = flights.overdue(now) {
        let nothing = Err(BrokerError::Unknown("no answer in time".into()));
        land(shared, Landed::Published(flight, nothing));
    }
}

async fn identify<R: Runtime>(
    shared: Arc<Shared<R>>,
    name: Option<TransactionalId>,
) -> Result<ProducerIdentity, BrokerError> {
    let until = shared.world.now() + shared.config.request_timeout;
    let answer = before(&shared.world, until, shared.broker.identify(name)).await;
    answer.unwrap_or_else(|| Err(BrokerError::Unavailable("no answer in time".into())))
}
