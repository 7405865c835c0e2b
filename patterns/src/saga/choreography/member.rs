use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::event::Event;
use super::score::Score;
use crate::call::BoxFuture;
use crate::messaging::Delivery;
use crate::messaging::consumer::{Fault, Handler};
use crate::messaging::outbox::Outbox;
use crate::saga::command::Command;
use crate::saga::definition::Kind;
use crate::saga::direction::Direction;
use crate::saga::ids::Epoch;
use crate::saga::outcome::Outcome;
use crate::saga::participant::{Begun, Effects, Ledger};
use crate::store::{Store, StoreError, Transaction};

/// A participant that does its steps when it hears of what comes before them, and tells of them.
///
/// What it did, the note of it and the event that tells of it are one transaction. It is the handler of a
/// [`Consumer`](crate::messaging::consumer::Consumer) of the topic, in a group of its own, whose deliveries must have no
/// bound: an event that is given up is a saga that stands still.
#[derive(Clone)]
pub struct Member {
    shared: Arc<Shared>,
}

struct Shared {
    score: Score,
    name: Arc<str>,
    ledger: Ledger,
    store: Arc<dyn Store>,
    outbox: Outbox,
    effects: Arc<dyn Effects>,
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("name", &self.shared.name).finish_non_exhaustive()
    }
}

impl Member {
    /// The participant of this name, with its effects, its ledger and its outbox in a store.
    pub fn new(
        score: Score,
        name: impl Into<Arc<str>>,
        (store, ledger, outbox): (Arc<dyn Store>, Ledger, Outbox),
        effects: impl Effects,
    ) -> Self {
        let (name, effects) = (name.into(), Arc::new(effects));
        Self { shared: Arc::new(Shared { score, name, ledger, store, outbox, effects }) }
    }
}

impl Handler for Member {
    fn handle(&self, delivery: Delivery) -> BoxFuture<Result<(), Fault>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.react(&delivery).await })
    }
}

impl Shared {
    async fn react(&self, delivery: &Delivery) -> Result<(), Fault> {
        let event = Event::decode(delivery.message.bytes());
        let event = event.map_err(|error| Fault::poison(error.to_string()))?;
        let Some((step, direction)) = self.score.follows(&event.happened) else { return Ok(()) };
        if self.score.definition.steps()[step].participant != self.name {
            return Ok(());
        }
        match self.play(&event, (step, direction), delivery.attempt).await {
            Ok(Outcome::Done(_) | Outcome::Refused(_)) => Ok(()),
            Ok(Outcome::Failed(fault)) => {
                Err(Fault::Later(self.rest(step, delivery.attempt), fault.to_string().into()))
            }
            Ok(_) => Err(Fault::again("not now")),
            Err(error) => Err(Fault::again(error.to_string())),
        }
    }

    fn rest(&self, step: usize, attempt: u32) -> Duration {
        self.score.definition.steps()[step].attempts.backoff.after(attempt)
    }

    async fn play(
        &self,
        event: &Event,
        (step, direction): (usize, Direction),
        attempt: u32,
    ) -> Result<Outcome, StoreError> {
        let of = &self.score.definition.steps()[step];
        let command = Command {
            saga: event.saga.clone(),
            step: Arc::clone(&of.name),
            direction,
            epoch: Epoch::default(),
            attempt,
            must: of.kind == Kind::Retriable,
            input: event.input.clone(),
            outputs: event.outputs.clone().into(),
        };
        let (mut transaction, outcome) = match self.ledger.begin(&self.store, command).await? {
            // It is told once more: whoever was to hear of it may not have.
            Begun::Known(outcome) => (Transaction::begin(&self.store), outcome),
            Begun::Turn(turn) => self.ledger.settle(self.effects.play(turn).await?).await?,
        };
        if let Some(event) = self.score.told(event, (step, direction), &outcome) {
            let topic = self.score.topic.clone();
            self.outbox.add(&mut transaction, topic, event.message()).await?;
        }
        transaction.commit().await?;
        Ok(outcome)
    }
}
