use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Baggage, BoxFuture, Failure, TraceId};
use cascadia_patterns::two_phase::{Ask, Participant, Reply};
use futures::future::{Either, select};

use crate::component::Life;
use crate::effects::{Branch, Word};
use crate::exchange::{Answer, Origin, Request, Route};
use crate::saga::plan::SagaCall;

/// The service that has a branch, as a coordinator asks it.
pub(super) struct Asking {
    pub(super) life: Life,
    pub(super) saga: Arc<str>,
    pub(super) step: Arc<str>,
    pub(super) way: (SagaCall, Route),
    pub(super) timeout: Duration,
}

impl Participant for Asking {
    fn ask(&self, ask: Ask) -> BoxFuture<Reply> {
        let (call, route) = &self.way;
        let (key, sent) = self.life.outbox.send();
        let place = self.life.place().id();
        let trace = TraceId((u128::from(place.0) << 64) | u128::from(key));
        let baggage = Baggage { trace, safe: true, ..Baggage::default() };
        let branch = Branch::new(&self.saga, &self.step, Word::Ask(ask));
        let request = Request::new(baggage, (call.endpoint, key), Origin::Own { place }, None);
        let answer = Arc::clone(route).call(request.branching(Arc::clone(&branch)));
        let given_up = self.life.sleep(self.timeout);
        Box::pin(async move {
            let Either::Left((answer, _)) = select(answer, Box::pin(given_up)).await else {
                sent.end(false);
                return Reply::Unknown;
            };
            sent.end(answer.is_ok());
            reply(&answer, &branch)
        })
    }
}

/// What an answer says. Whoever fails for good does not vote for it.
fn reply(answer: &Answer, branch: &Branch) -> Reply {
    match answer {
        Ok(_) => branch.reply().unwrap_or(Reply::Unknown),
        Err(Failure::Service(error)) if error.is_final() => Reply::No,
        Err(_) => Reply::Unknown,
    }
}
