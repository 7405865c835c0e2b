use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{BoxFuture, Failure};
use cascadia_patterns::messaging::Bytes;
use cascadia_patterns::saga::participant::{Contention, Participant};
use cascadia_patterns::saga::{Command, Direction, Fault, Outcome};
use futures::future::{Either, select};

use super::hub::Hub;
use super::plan::SagaCall;
use crate::component::{Life, Sent};
use crate::effects::Errand;
use crate::exchange::{Answer, Request, Route};

/// The services that do the steps, as an orchestrator asks them.
pub(super) struct Asking {
    pub(super) hub: Arc<Hub>,
    pub(super) life: Life,
    /// The ways to whoever does and undoes each step, which are few, and how long an answer may take.
    pub(super) ways: Vec<(Arc<str>, Ways)>,
}

/// The ways of a step.
pub(super) struct Ways {
    pub(super) act: (SagaCall, Route),
    pub(super) undo: Option<(SagaCall, Route)>,
    /// How it locks what the saga is about, if it does.
    pub(super) lock: Option<Contention>,
    pub(super) timeout: Duration,
}

/// The services that do the steps, as the participant of an orchestrator.
pub(super) struct Own(pub(super) Arc<Asking>);

impl Participant for Own {
    fn call(&self, command: Command) -> BoxFuture<Outcome> {
        self.0.call(command)
    }
}

impl Asking {
    fn call(&self, command: Command) -> BoxFuture<Outcome> {
        let ways = self.ways.iter().find(|(step, _)| *step == command.step);
        let (_, ways) = ways.expect("a command is of a step of the plan");
        let way = match command.direction {
            Direction::Do => Some(&ways.act),
            Direction::Undo => ways.undo.as_ref(),
            Direction::Release => ways.lock.map(|_| &ways.act),
        };
        let Some((call, route)) = way else {
            return Box::pin(async { Outcome::Done(Bytes::default()) });
        };
        let (key, sent) = self.life.outbox.send();
        let place = self.life.place().id();
        let (must, direction) = (command.must, command.direction);
        let witness = Arc::clone(&self.hub.witness);
        let errand = Arc::new(Errand::locking(command, witness, ways.lock));
        let request = Request::own(place, (call.endpoint, key), true);
        let request = request.running(Arc::clone(&errand));
        let answer = Arc::clone(route).call(request);
        let answered = within(sent, answer, self.life.sleep(ways.timeout));
        Box::pin(async move {
            let Some(answer) = answered.await else { return Outcome::Unknown };
            match (&answer, errand.met()) {
                (Ok(_), Some(holder)) => Outcome::Locked(holder),
                (Ok(_), None) => Outcome::Done(errand.output()),
                _ => outcome(answer, !must && direction == Direction::Do),
            }
        })
    }
}

/// The answer to what was sent, unless it is given up before.
pub(super) async fn within<T, E>(
    sent: Sent,
    answer: BoxFuture<Result<T, E>>,
    given_up: impl Future<Output = ()>,
) -> Option<Result<T, E>> {
    let Either::Left((answer, _)) = select(answer, pin!(given_up)).await else {
        sent.end(false);
        return None;
    };
    sent.end(answer.is_ok());
    Some(answer)
}

/// What an answer says of a command, which may be refused for good or not.
pub(super) fn outcome(answer: Answer, can_be_refused: bool) -> Outcome {
    match answer {
        Ok(_) => Outcome::Done(Bytes::default()),
        Err(Failure::Service(error)) => {
            let fault = Fault::new(error.kind.name(), "");
            match error.is_final() && can_be_refused {
                true => Outcome::Refused(fault),
                false => Outcome::Failed(fault),
            }
        }
        Err(_) => Outcome::Unknown,
    }
}
