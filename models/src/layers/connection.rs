//! Timeouts of the connection that carries a call.
//!
//! A caller learns two things on the way to an answer: that its connection was accepted, and the
//! answer. A model of messages has no handshake of its own, so a connection is accepted when the
//! request reaches a replica that is up, however long its queue is; one that is down or beyond a
//! partition never accepts. Then the caller waits for something to read, and all there is to read
//! is the answer.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{BoxFuture, Call, Failure, Layer};
use cascadia_patterns::observe::{Observe, Signal};
use cascadia_patterns::timeout::before;
use cascadia_runtime::{Runtime, Time};
use cascadia_sim_core::{Local, Sim};

use super::{LayerKind, Site};
use crate::exchange::{Accepted, Answer, Content, Request, Route, ServiceError};

/// How long a connection may be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionPlan {
    /// How long it may take until it is accepted; `None` is any time.
    pub connect: Option<Duration>,
    /// How long nothing may come over it once it is accepted; `None` is any time.
    pub read: Option<Duration>,
    /// It belongs to the timeout before it, and has no position of its own in the policy.
    pub inner: bool,
}

impl LayerKind for ConnectionPlan {
    fn kind(&self) -> &'static str {
        "connection"
    }

    fn written_as(&self) -> &'static str {
        "timeout"
    }

    fn is_inner(&self) -> bool {
        self.inner
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        let env = site.env();
        Arc::new(ConnectionLayer { plan: *self, sim: env.world, observe: env.observe, inner })
    }
}

/// Gives up connections that are not accepted, or on which nothing comes.
struct ConnectionLayer {
    plan: ConnectionPlan,
    sim: Sim,
    observe: Arc<dyn Observe>,
    inner: Route,
}

impl ConnectionLayer {
    /// When a call that began at `began` is given up, and when to look again.
    fn due(&self, began: Time, now: Time, accepted: &Accepted) -> (Time, Time) {
        let after =
            |time: Time, limit: Option<Duration>| limit.map_or(Time::MAX, |limit| time + limit);
        let accepted = *accepted.borrow_mut();
        if let Some(accepted) = accepted {
            let end = after(accepted, self.plan.read);
            return (end, end);
        }
        let end = after(began, self.plan.connect);
        (end, end.min(after(now, self.plan.read)))
    }
}

impl Call<Request, Content, ServiceError> for ConnectionLayer {
    fn call(self: Arc<Self>, mut request: Request) -> BoxFuture<Answer> {
        Box::pin(async move {
            let accepted: Arc<Accepted> = Arc::new(Local::new(None));
            request.accepted = Some(Arc::clone(&accepted));
            let began = self.sim.now();
            let mut work = Arc::clone(&self.inner).call(request);
            loop {
                let (_, look) = self.due(began, self.sim.now(), &accepted);
                if let Some(answer) = before(&self.sim, look, &mut work).await {
                    return answer;
                }
                let now = self.sim.now();
                let (end, _) = self.due(began, now, &accepted);
                if now >= end {
                    self.observe.signal(now, &Signal::TimedOut);
                    return Err(Failure::TimedOut(Layer::CONNECTION));
                }
            }
        })
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.inner)
    }
}
