use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{BoxFuture, Failure};
use cascadia_patterns::two_phase::{Ask, Participant, Reply};

use super::hub::Hub;
use crate::component::Life;
use crate::effects::Branch;
use crate::exchange::{Answer, Request, Route};
use crate::saga::asking::within;
use crate::saga::plan::SagaCall;

/// The service that has a branch, as a coordinator asks it.
pub(super) struct Asking {
    pub(super) hub: Arc<Hub>,
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
        self.hub.kept.asked(&ask);
        let branch = Branch::ask(&self.saga, &self.step, ask, &self.hub.witness);
        let request = Request::own(place, (call.endpoint, key), true);
        let answer = Arc::clone(route).call(request.branching(Arc::clone(&branch)));
        let answered = within(sent, answer, self.life.sleep(self.timeout));
        Box::pin(
            async move { answered.await.map_or(Reply::Unknown, |answer| reply(&answer, &branch)) },
        )
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
