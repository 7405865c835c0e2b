use std::pin::pin;
use std::sync::Arc;

use cascadia_runtime::{Runtime, Time};

use super::accumulator::Action;
use super::shared::Shared;
use crate::messaging::{Batch, BrokerError, Receipt, TransactionalId};
use crate::sync::{before, lock};

/// Does what the core says, until the producer is closed and everything has ended.
pub(super) async fn drive<R: Runtime>(shared: Arc<Shared<R>>) {
    let _driven = Driven(&shared);
    loop {
        let next = work(&shared);
        if is_done(&shared) {
            return;
        }
        before(&shared.world, next, pin!(shared.wake.notified())).await;
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
fn work<R: Runtime>(shared: &Arc<Shared<R>>) -> Time {
    loop {
        let next = shared
            .with(|state, now| state.core.poll(now).ok_or_else(|| state.core.next_deadline()));
        let (world, shared) = (&shared.world, Arc::clone(shared));
        match next {
            Ok(Action::Publish(flight, batch, until)) => {
                let flight = Flight { shared, flight, has_landed: false };
                drop(world.spawn(publish(flight, batch, until)));
            }
            Ok(Action::Identify(name)) => drop(world.spawn(identify(shared, name))),
            Err(next) => return next,
        }
    }
}

/// A batch under way. One whose task is gone has not been answered.
struct Flight<R: Runtime> {
    shared: Arc<Shared<R>>,
    flight: u64,
    has_landed: bool,
}

impl<R: Runtime> Flight<R> {
    fn land(&mut self, answer: Result<Receipt, BrokerError>) {
        self.has_landed = true;
        let flight = self.flight;
        self.shared.with(|state, now| {
            state.core.on_answer(now, flight, answer, &mut state.stream);
        });
        self.shared.wake.notify_one();
    }
}

impl<R: Runtime> Drop for Flight<R> {
    fn drop(&mut self) {
        if !self.has_landed {
            self.land(Err(BrokerError::Unknown("its task is gone".into())));
        }
    }
}

async fn publish<R: Runtime>(mut flight: Flight<R>, batch: Batch, until: Time) {
    let published = flight.shared.broker.publish(batch);
    let answer = before(&flight.shared.world, until, published).await;
    let nothing = || Err(BrokerError::Unknown("no answer in time".into()));
    flight.land(answer.unwrap_or_else(nothing));
}

async fn identify<R: Runtime>(shared: Arc<Shared<R>>, name: Option<TransactionalId>) {
    let until = shared.world.now() + shared.config.request_timeout;
    let answer = before(&shared.world, until, shared.broker.identify(name)).await;
    let nothing = || Err(BrokerError::Unavailable("no answer in time".into()));
    let answer = answer.unwrap_or_else(nothing);
    shared.with(|state, now| state.core.on_identity(now, answer, &mut state.stream));
    shared.wake.notify_one();
}
