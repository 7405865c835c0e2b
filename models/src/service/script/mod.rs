//! What an endpoint does, compiled: names are indices and every step has a number for its draws.

mod parallel;
mod step;
mod task;

use std::sync::Arc;

pub use self::step::{Step, Visit};

use self::step::Op;
use self::task::Task;
use super::Replica;
use crate::exchange::Exchange;
use crate::plan::{Plan, ServiceId, StackId};
use crate::request::Answer;

/// The scripts of a service.
#[derive(Default)]
pub(crate) struct Scripts {
    endpoints: Vec<Vec<Op>>,
    /// What the calls go through: call sites with the same target and policy share a stack.
    pub(super) sites: Vec<(ServiceId, Option<StackId>)>,
}

impl Scripts {
    pub(super) fn new(plan: &Plan, service: ServiceId) -> Self {
        let mut scripts = Self::default();
        for endpoint in &plan.services[service.0 as usize].endpoints {
            let ops = scripts.compile(plan, &endpoint.script, &mut 0);
            scripts.endpoints.push(ops);
        }
        scripts
    }

    fn site(&mut self, service: ServiceId, policy: Option<StackId>) -> usize {
        let known = self.sites.iter().position(|site| *site == (service, policy));
        known.unwrap_or_else(|| {
            self.sites.push((service, policy));
            self.sites.len() - 1
        })
    }

    /// How long the work of a request takes where it is known beforehand: nothing but one step of
    /// work, in nanoseconds at the planned pace.
    pub(super) fn only_work(&self, exchange: &Exchange) -> Option<u64> {
        step::only_work(&self.endpoints[exchange.request.endpoint.0 as usize], exchange)
    }

    /// Does the work of `exchange` at `replica`.
    pub(super) fn run<'a>(
        &'a self,
        exchange: &'a Arc<Exchange>,
        replica: &'a Replica,
    ) -> impl Future<Output = Answer> + Send + use<'a> {
        let endpoint = exchange.request.endpoint;
        step::run(&self.endpoints[endpoint.0 as usize], Task { exchange, replica })
    }
}
