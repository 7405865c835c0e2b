use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Baggage, BoxFuture, Failure, TraceId};
use cascadia_patterns::messaging::Bytes;
use cascadia_patterns::saga::participant::Participant;
use cascadia_patterns::saga::{Command, Direction, Fault, Outcome};
use futures::future::{Either, select};

use super::hub::Hub;
use super::plan::SagaCall;
use crate::component::Life;
use crate::effects::Errand;
use crate::exchange::{Answer, Origin, Request, Route};

/// The services that do the steps, as an orchestrator asks them.
pub(super) struct Asking {
    pub(super) hub: Arc<Hub>,
    pub(super) life: Life,
    /// The ways to whoever does and undoes each step, and how long an answer may take.
    pub(super) ways: BTreeMap<Arc<str>, Ways>,
}

/// The ways of a step.
pub(super) struct Ways {
    pub(super) act: (SagaCall, Route),
    pub(super) undo: Option<(SagaCall, Route)>,
    pub(super) timeout: Duration,
}

impl Participant for Asking {
    fn call(&self, command: Command) -> BoxFuture<Outcome> {
        let ways = &self.ways[&command.step];
        let way = match command.direction {
            Direction::Do => Some(&ways.act),
            Direction::Undo => ways.undo.as_ref(),
            Direction::Release => None,
        };
        let Some((call, route)) = way else {
            return Box::pin(async { Outcome::Done(Bytes::from([])) });
        };
        let (key, sent) = self.life.outbox.send();
        let place = self.life.place().id();
        let trace = TraceId((u128::from(place.0) << 64) | u128::from(key));
        let baggage = Baggage { trace, safe: true, ..Baggage::default() };
        let (must, direction) = (command.must, command.direction);
        let witness = Arc::clone(&self.hub.witness);
        let request = Request::new(baggage, (call.endpoint, key), Origin::Own { place }, None);
        let request = request.running(Arc::new(Errand::new(command, witness)));
        let answer = Arc::clone(route).call(request);
        let given_up = self.life.sleep(ways.timeout);
        Box::pin(async move {
            let answered = select(answer, Box::pin(given_up)).await;
            let Either::Left((answer, _)) = answered else {
                sent.end(false);
                return Outcome::Unknown;
            };
            sent.end(answer.is_ok());
            outcome(answer, !must && direction == Direction::Do)
        })
    }
}

/// What an answer says of a command, which may be refused for good or not.
pub(super) fn outcome(answer: Answer, can_be_refused: bool) -> Outcome {
    match answer {
        Ok(_) => Outcome::Done(Bytes::from([])),
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
