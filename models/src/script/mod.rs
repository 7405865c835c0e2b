//! What an endpoint does, compiled: names are indices and every step has a number for its draws.

mod branch;
mod choice;
mod elected;
mod known;
mod log;
mod member;
mod once;
mod pace;
mod parallel;
mod publish;
mod row;
mod seen;
mod sent;
mod step;
mod task;
mod transaction;
mod unit;

use std::sync::Arc;

use self::seen::Seen;
use self::step::{IsSafe, Op, Sites};
use self::task::Task;
use crate::exchange::{Answer, Exchange};
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::plan::PublishPlan;

pub use self::choice::{By, Times};
pub(crate) use self::known::Known;
pub(crate) use self::log::Log;
pub(crate) use self::member::Member;
pub(crate) use self::once::judged;
pub(crate) use self::pace::Pace;
pub use self::sent::Sent;
pub use self::step::{Step, Visit, Way};
pub(crate) use self::task::{Rules, ScriptHost};

/// The scripts of a service.
pub(crate) struct Scripts {
    endpoints: Vec<Vec<Op>>,
    /// Which of them do a command of a saga once.
    once: Vec<bool>,
    /// What the calls go through: call sites with the same target and policy share a stack.
    pub(crate) sites: Vec<(ServiceId, Option<StackId>)>,
    /// How messages are published.
    pub(crate) publishers: Vec<PublishPlan>,
    /// How requests are.
    pub(crate) requesters: Vec<PublishPlan>,
    pub(crate) rules: Rules,
}

impl Scripts {
    /// What each endpoint of a service does.
    pub(crate) fn new<'a>(
        endpoints: impl Iterator<Item = (&'a [Step], bool)>,
        rules: Rules,
        is_safe: &IsSafe<'_>,
    ) -> Self {
        let (endpoints, once): (Vec<_>, Vec<_>) = endpoints.unzip();
        let requesters = Sent::by(endpoints.iter().copied()).requested;
        let mut sites = Sites { requesters, ..Sites::default() };
        let compile = |steps| step::compile(steps, &mut 0, &mut sites, is_safe);
        let endpoints = endpoints.into_iter().map(compile).collect();
        let Sites { calls, publishers, requesters } = sites;
        Self { endpoints, once, sites: calls, publishers, requesters, rules }
    }

    /// Whether an endpoint does a command of a saga once.
    pub(crate) fn is_once(&self, endpoint: EndpointId) -> bool {
        self.once[endpoint.0 as usize]
    }

    /// How long the work of a request takes where it is known beforehand: nothing but one step of
    /// work, in nanoseconds at the planned pace.
    pub(crate) fn only_work(&self, exchange: &Exchange) -> Option<u64> {
        let ops = &self.endpoints[exchange.request.endpoint.0 as usize];
        let own = exchange.request.errand().is_none() && exchange.request.branch().is_none();
        step::only_work(ops, exchange).filter(|_| own)
    }

    /// Does the work of `exchange` at `host`. What few do is boxed, and costs the others no room.
    #[inline]
    pub(crate) async fn run(&self, exchange: &Arc<Exchange>, host: &dyn ScriptHost) -> Answer {
        let (endpoint, seen) = (exchange.request.endpoint, Seen::default());
        let ops = &self.endpoints[endpoint.0 as usize];
        let task = &Task { exchange, host, rules: self.rules, seen: &seen, staged: None, turn: 0 };
        if let Some(branch) = exchange.request.branch() {
            return Box::pin(branch::run(ops, task, branch)).await;
        }
        match exchange.request.errand() {
            None => step::run(ops, task).await,
            Some(errand) if errand.turn.is_some() => {
                Box::pin(once::run_turn(ops, task, errand)).await
            }
            Some(errand) if self.is_once(endpoint) => Box::pin(once::run(ops, task, errand)).await,
            Some(errand) => Box::pin(once::run_again(ops, task, errand)).await,
        }
    }
}
