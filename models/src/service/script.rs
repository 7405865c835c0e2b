//! What an endpoint does, compiled: names are indices and every step has a number for its draws.

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Context, Failure, TraceId};
use cascadia_runtime::Draw;

use super::Replica;
use super::parallel::{Branch, all};
use crate::exchange::Exchange;
use crate::laws::Law;
use crate::plan::{EndpointId, Plan, ServiceId, StackId, Step};
use crate::request::{Answer, Cause, Content, Request, ServiceError};

/// Told apart from the draws of work.
const CALL: u64 = 1 << 48;
const TRACE: u64 = 6 << 48;

/// The scripts of a service.
#[derive(Default)]
pub(crate) struct Scripts {
    endpoints: Vec<Vec<Op>>,
    /// What the calls go through: call sites with the same target and policy share a stack.
    pub(super) sites: Vec<(ServiceId, Option<StackId>)>,
}

enum Op {
    Compute { step: u64, law: Law },
    Call { step: u64, site: usize, endpoint: EndpointId, safe: bool },
    Parallel(Vec<Vec<Self>>),
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

    fn compile(&mut self, plan: &Plan, steps: &[Step], count: &mut u64) -> Vec<Op> {
        let mut compile_step = |step: &Step| {
            *count += 1;
            let number = *count;
            match step {
                Step::Compute(law) => Op::Compute { step: number, law: law.clone() },
                Step::Call { service, endpoint, policy } => Op::Call {
                    step: number,
                    site: self.site(*service, *policy),
                    endpoint: *endpoint,
                    safe: plan.endpoint(*service, *endpoint).safe,
                },
                Step::Parallel(branches) => {
                    let mut branch = |steps: &Vec<Step>| self.compile(plan, steps, count);
                    Op::Parallel(branches.iter().map(&mut branch).collect())
                }
            }
        };
        steps.iter().map(&mut compile_step).collect()
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
        match &self.endpoints[exchange.request.endpoint.0 as usize][..] {
            [Op::Compute { step, law }] => Some(law.sample(&mut Draw::new(exchange.key, *step, 0))),
            _ => None,
        }
    }

    /// Does the work of `exchange` at `replica`.
    pub(super) fn run<'a>(
        &'a self,
        exchange: &'a Arc<Exchange>,
        replica: &'a Replica,
    ) -> impl Future<Output = Answer> + Send + use<'a> {
        let endpoint = exchange.request.endpoint;
        run(&self.endpoints[endpoint.0 as usize], Task { exchange, replica })
    }
}

/// The work on a request, as its script sees it.
#[derive(Clone, Copy)]
struct Task<'a> {
    exchange: &'a Arc<Exchange>,
    replica: &'a Replica,
}

impl<'a> Task<'a> {
    fn work(&self, step: u64, law: &Law) -> impl Future<Output = ()> + Send + use<'a> {
        let work = law.sample(&mut Draw::new(self.exchange.key, step, 0));
        self.replica.pace.work(work, self.replica.settings.stretches)
    }

    /// What the request calls belongs to its trace. Where that is not handed on, whoever is called
    /// begins another, which tells as little of the user's request as its key.
    fn trace(&self, step: u64) -> TraceId {
        let trace = self.exchange.request.context.trace;
        if self.replica.settings.forwards_trace {
            return trace;
        }
        let high = trace.0 & !u128::from(u64::MAX);
        TraceId(high | u128::from(cascadia_runtime::mix(self.exchange.key, TRACE | step)))
    }

    fn call(&self, step: u64, site: usize, endpoint: EndpointId, safe: bool) -> BoxFuture<Answer> {
        let request = &self.exchange.request;
        let context = Context {
            trace: self.trace(step),
            safe,
            key: None,
            deadline: request.context.deadline.filter(|_| self.replica.settings.forward_deadline),
            depth: request.context.depth.saturating_add(1),
            ..request.context.onward()
        };
        self.replica.route(site).call(Request {
            context,
            endpoint,
            key: cascadia_runtime::mix(self.exchange.key, CALL | step),
            origin: request.origin,
            accepted: None,
            parent: Some(Arc::clone(self.exchange)),
        })
    }
}

async fn run(ops: &[Op], task: Task<'_>) -> Answer {
    let mut content = Content::default();
    for op in ops {
        match op {
            Op::Compute { step, law } => task.work(*step, law).await,
            Op::Call { step, site, endpoint, safe } => {
                let answer = task.call(*step, *site, *endpoint, *safe).await;
                let part = answer
                    .map_err(|failure| Failure::Service(ServiceError::new(Cause::of(&failure))))?;
                content = content.with(part);
            }
            Op::Parallel(branches) => {
                let branches = branches.iter().map(|ops| boxed(ops, task));
                content = content.with(all(branches).await?);
            }
        }
    }
    Ok(content)
}

fn boxed<'a>(ops: &'a [Op], task: Task<'a>) -> Branch<'a> {
    Box::pin(run(ops, task))
}
