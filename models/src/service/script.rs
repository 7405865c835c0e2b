//! What an endpoint does, compiled: names are indices and every step has a number for its draws.

use std::sync::Arc;

use cascadia_patterns::call::{Context, Failure, Request as _};
use cascadia_runtime::Draw;
use futures::future::try_join_all;

use super::Job;
use super::work::Pace;
use crate::hop::Slot;
use crate::laws::Law;
use crate::plan::{EndpointId, Plan, ServiceId, StackId, Step};
use crate::request::{Answer, Cause, Origin, Request, Route, ServiceError};

/// Told apart from the draws of work.
const CALL: u64 = 1 << 48;

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

    /// Does the work of `job`.
    pub(super) async fn run(&self, job: &Task) -> Answer {
        run(&self.endpoints[job.endpoint.0 as usize], job).await
    }
}

/// The work on a job, as its script sees it.
pub(super) struct Task {
    pub(super) endpoint: EndpointId,
    pub(super) key: u64,
    pub(super) context: Context,
    pub(super) origin: Origin,
    pub(super) slot: Arc<Slot>,
    pub(super) routes: Arc<[Route]>,
    pub(super) pace: Pace,
    /// Work in progress may be stretched.
    pub(super) stretches: bool,
}

impl Task {
    pub(super) fn new(job: &Job, routes: Arc<[Route]>, pace: Pace, stretches: bool) -> Self {
        Self {
            endpoint: job.request.endpoint,
            key: job.key(),
            context: job.request.context().clone(),
            origin: job.request.origin,
            slot: Arc::clone(&job.slot),
            routes,
            pace,
            stretches,
        }
    }

    fn request(&self, step: u64, endpoint: EndpointId, safe: bool) -> Request {
        let context = Context {
            safe,
            key: None,
            attempt: 0,
            depth: self.context.depth.saturating_add(1),
            ..self.context.clone()
        };
        Request {
            context,
            endpoint,
            key: cascadia_runtime::mix(self.key, CALL | step),
            origin: self.origin,
            parent: Some(Arc::clone(&self.slot)),
        }
    }
}

async fn run(ops: &[Op], task: &Task) -> Answer {
    for op in ops {
        match op {
            Op::Compute { step, law } => {
                let work = law.sample(&mut Draw::new(task.key, *step, 0));
                task.pace.work(work, task.stretches).await;
            }
            Op::Call { step, site, endpoint, safe } => {
                let request = task.request(*step, *endpoint, *safe);
                let answer = Arc::clone(&task.routes[*site]).call(request).await;
                answer.map_err(|failure| Failure::Service(ServiceError(Cause::of(&failure))))?;
            }
            Op::Parallel(branches) => {
                try_join_all(branches.iter().map(|ops| boxed(ops, task))).await?;
            }
        }
    }
    Ok(())
}

fn boxed<'a>(
    ops: &'a [Op],
    task: &'a Task,
) -> std::pin::Pin<Box<dyn Future<Output = Answer> + Send + 'a>> {
    Box::pin(run(ops, task))
}
