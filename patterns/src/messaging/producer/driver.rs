use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::{Runtime, Time};

use super::accumulator::Action;
use super::flights::{Flights, Landed};
use super::shared::Shared;
use crate::messaging::{BrokerError, ProducerIdentity, TransactionalId};
use crate::sync::{Alarm, before, lock};

/// Does what the core says, until the producer is closed and everything has ended.
pub(super) async fn drive<R: Runtime>(shared: Arc<Shared<R>>) {
    let _driven = Driven(&shared);
    let (mut flights, mut alarm) = (Flights::default(), Alarm::default());
    while let Some(next) = work(&shared, &mut flights) {
        let event = poll_fn(|context| poll_event(&shared, &mut flights, context));
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

/// Does what is to be done now, and says when there is more; nothing once it is closed and everything has ended.
fn work<R: Runtime>(shared: &Arc<Shared<R>>, flights: &mut Flights) -> Option<Time> {
    loop {
        let next = shared.with(|state, now| state.core.poll(now).ok_or_else(|| state.next()));
        match next {
            Ok(Action::Publish(flight, batch, until)) => {
                flights.publish(flight, until, shared.broker.publish(batch));
            }
            Ok(Action::Identify(name)) => {
                flights.identify(Box::pin(identify(Arc::clone(shared), name)));
            }
            Err(next) => return Some(next?.min(flights.next_deadline())),
        }
    }
}

/// Takes all answers that are there before anything else is sent.
fn poll_event<R: Runtime>(
    shared: &Shared<R>,
    flights: &mut Flights,
    context: &mut Context<'_>,
) -> Poll<()> {
    let mut event = Poll::Pending;
    while let Poll::Ready(landed) = flights.poll(context) {
        land(shared, landed);
        event = Poll::Ready(());
    }
    if shared.wake.poll(context).is_ready() { Poll::Ready(()) } else { event }
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
