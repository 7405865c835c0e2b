use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::consumer::Fault;
use cascadia_patterns::messaging::{Batch, Broker as _, Delivery, Partition, partition_of};
use cascadia_patterns::saga::choreography::Event;
use cascadia_patterns::saga::definition::{Kind, Step};
use cascadia_patterns::saga::participant::{Judged, Turn};
use cascadia_patterns::saga::{Command, Direction, Epoch, Outcome, SagaId};
use cascadia_patterns::store::{MemoryStore, StoreError};
use cascadia_runtime::mix;

use super::books::Books;
use super::hub::Hub;
use crate::broker::Sealed;
use crate::draws::Purpose;
use crate::effects::Errand;
use crate::exchange::Answer;
use crate::ids::EndpointId;
use crate::ledgers::Ledgers;
use crate::own::OwnParticipant;
use crate::plan::MemberPlan;
use crate::saga::asking::outcome;
use crate::saga::id::request_of;
use crate::script::judged;

/// Does an errand at an endpoint, with a key for what is drawn and the number of the attempt.
pub(crate) type Perform =
    Arc<dyn Fn(EndpointId, (u64, u32), Arc<Errand>) -> BoxFuture<Answer> + Send + Sync>;

/// What a service has for its steps.
pub(crate) struct Tools {
    /// What outlives its replicas.
    pub(crate) rows: MemoryStore,
    pub(crate) ledgers: Arc<Ledgers>,
    pub(crate) perform: Perform,
    /// Whether what an endpoint does is done once.
    pub(crate) is_once: Box<dyn Fn(EndpointId) -> bool + Send + Sync>,
    /// Who does it with the steps, if somebody has code of their own for that.
    pub(crate) own: Option<OwnParticipant>,
}

/// The part of a service in sagas, as a replica plays it.
pub(super) struct Part {
    pub(super) plan: Arc<MemberPlan>,
    pub(super) hub: Arc<Hub>,
    pub(super) books: Arc<Books>,
    pub(super) sealed: Sealed,
    pub(super) tools: Tools,
}

/// What follows an event, if it is for this service to do.
pub(super) struct Cue {
    event: Event,
    step: usize,
    direction: Direction,
    /// Where it is done; a step that changes nothing has nothing that undoes it.
    endpoint: Option<EndpointId>,
}

impl Part {
    /// What follows a message, if it is for this service to do.
    pub(super) fn cue(&self, delivery: &Delivery) -> Result<Option<Cue>, Fault> {
        let event = Event::decode(delivery.message.bytes());
        let event = event.map_err(|error| Fault::poison(error.to_string()))?;
        let Some((step, direction)) = self.plan.score.follows(&event.happened) else {
            return Ok(None);
        };
        let own = self.plan.steps.contains_key(&step);
        let endpoint = self.endpoint(step, direction);
        Ok(own.then_some(Cue { event, step, direction, endpoint }))
    }

    /// Whether it is done once, however often it is asked for.
    pub(super) fn is_once(&self, cue: &Cue) -> bool {
        cue.endpoint.is_none_or(|endpoint| (self.tools.is_once)(endpoint))
    }

    /// Whether somebody has done it, as nobody here can know.
    pub(super) fn was_done(&self, cue: &Cue) -> bool {
        let step = &self.step(cue.step).name;
        self.hub.witness.has(&cue.event.saga, step, cue.direction)
    }

    /// Does what a turn says. It takes effect when the turn is committed.
    pub(super) async fn play(self: Arc<Self>, mut turn: Turn) -> Result<Judged, StoreError> {
        let Command { saga, step, direction, attempt, .. } = &turn.command;
        let steps = self.plan.score.definition().steps();
        let number = steps.iter().position(|it| it.name == *step).unwrap_or_default();
        let Some(endpoint) = self.endpoint(number, *direction) else { return Ok(turn.done("")) };
        let work = (key(saga, number, endpoint), *attempt);
        let witness = Arc::clone(&self.hub.witness);
        let errand = Arc::new(Errand::turn(turn.command.clone(), witness));
        let answer = (self.tools.perform)(endpoint, work, Arc::clone(&errand)).await;
        if answer.is_ok() {
            self.books.stage(&mut turn, work, errand.entries());
            if let Some(own) = &self.tools.own {
                return own.play(turn).await;
            }
        }
        Ok(judged(turn, &answer))
    }

    /// Does it whenever it is asked for, and tells of it beside: what is not told then is never told.
    pub(super) async fn play_again(&self, cue: Cue, attempt: u32) -> Result<bool, Fault> {
        let Cue { event, step, direction, endpoint } = cue;
        let Some(endpoint) = endpoint else { return Ok(false) };
        let must = self.step(step).kind == Kind::Retriable;
        let command = Command {
            saga: event.saga.clone(),
            step: Arc::clone(&self.step(step).name),
            direction,
            epoch: Epoch::default(),
            attempt,
            must,
            input: event.input.clone(),
            outputs: event.outputs.clone().into(),
        };
        let work = (key(&event.saga, step, endpoint), attempt);
        let errand = Arc::new(Errand::new(command, Arc::clone(&self.hub.witness)));
        let answer = (self.tools.perform)(endpoint, work, errand).await;
        let outcome = outcome(answer, !must && direction == Direction::Do);
        let Some(told) = self.plan.score.told(&event, (step, direction), &outcome) else {
            let rest = self.step(step).attempts.backoff.after(attempt);
            return Err(Fault::Later(rest, "it failed".into()));
        };
        self.tell(&told).await;
        Ok(matches!(outcome, Outcome::Done(_)))
    }

    async fn tell(&self, event: &Event) {
        let topic = self.plan.score.topic().clone();
        let Ok(partitions) = self.sealed.partitions(topic.clone()).await else { return };
        let number = partition_of(event.saga.as_str().as_bytes(), partitions);
        let batch = Batch::new(Partition { topic, number }, [event.message()]);
        // Whoever does not know what it has told does not tell it again.
        let _ = self.sealed.publish(batch).await;
    }

    fn step(&self, number: usize) -> &Step {
        &self.plan.score.definition().steps()[number]
    }

    fn endpoint(&self, step: usize, direction: Direction) -> Option<EndpointId> {
        let (act, undo) = self.plan.steps.get(&step)?;
        match direction {
            Direction::Do => Some(*act),
            _ => *undo,
        }
    }
}

/// What is drawn for a step of a saga, whoever does it.
fn key(saga: &SagaId, step: usize, endpoint: EndpointId) -> u64 {
    mix(mix(request_of(saga), step as u64), Purpose::Consumed(endpoint.0).tag())
}
