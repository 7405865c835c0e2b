//! The kinds of steps: each in a plan, as others see it, compiled, and at work. Nothing else knows
//! of a kind.

use std::time::Duration;

use cascadia_patterns::call::{Failure, Kind};

use super::choice::{By, Times};
use super::parallel::{Branch, all};
use super::task::{Task, draw};
use crate::exchange::{Answer, Content, Exchange, ServiceError, Status};
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
use crate::ledgers::{Entry, LedgerId};
use crate::plan::PublishPlan;
use crate::store::{Access, Act, Asked, Role};

/// A step of the work.
#[derive(Clone, Debug)]
pub enum Step {
    /// Keeps the worker busy.
    Compute(Law),
    /// Calls another service and waits for the answer.
    Call {
        /// The service called.
        service: ServiceId,
        /// What it is asked.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
    },
    /// Does all branches at once and waits for all; fails as soon as one fails, when all have begun.
    Parallel(Vec<Vec<Self>>),
    /// Fails some requests, for which nothing after it is done.
    Fail {
        /// The share of them.
        share: f64,
        /// What the error is called; without, it is one that another try may help.
        status: Option<Status>,
    },
    /// Answers some requests with success, for which nothing after it is done.
    Answer {
        /// The share of them.
        share: f64,
        /// What the answer is called.
        status: Status,
    },
    /// Does one of several things.
    Choose {
        /// The ways; their weights are above 0 or all but one of them.
        ways: Vec<Way>,
        /// By what one of them is chosen.
        by: By,
    },
    /// Does steps several times, one after the other.
    Repeat {
        /// How often.
        times: Times,
        /// What is done each time.
        steps: Vec<Self>,
    },
    /// Reads or writes a row of a store, and waits for the answer.
    Access {
        /// The store.
        store: ServiceId,
        /// Its endpoint for that.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
        /// What it is asked.
        asked: Asked,
    },
    /// Publishes a message.
    Publish(PublishPlan),
    /// Publishes a request, and waits for its reply.
    Request {
        /// How it is published.
        publish: PublishPlan,
        /// How long it waits.
        timeout: Duration,
    },
    /// Adds something to a ledger, or takes it from there.
    Enter {
        /// The ledger.
        ledger: LedgerId,
        /// How much is added.
        amount: i64,
    },
    /// What a store itself does to a row.
    Keep {
        /// What is done.
        act: Act,
        /// By whom.
        role: Role,
        /// How long it takes.
        access: Access,
    },
}

/// One of several things that may be done.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its part of the sum of all.
    pub weight: f64,
    /// What is done.
    pub steps: Vec<Step>,
}

impl Step {
    /// Does one thing for a share of requests and another for the others.
    pub fn chance(share: f64, steps: Vec<Self>, otherwise: Vec<Self>) -> Self {
        let ways = [(share, steps), (1.0 - share, otherwise)];
        let ways = ways.map(|(weight, steps)| Way { weight, steps });
        Self::Choose { ways: ways.into(), by: By::Request }
    }
}

/// Somebody who wants to know what steps are made of.
pub trait Visit: Sized {
    /// There is work of this law.
    fn work(&mut self, law: &Law);

    /// There is a call of this endpoint through this stack.
    fn call(&mut self, service: ServiceId, endpoint: EndpointId, policy: Option<StackId>);

    /// A message is published so.
    fn publish(&mut self, _: &PublishPlan) {}

    /// A request is published so.
    fn request(&mut self, _: &PublishPlan) {}

    /// A store is asked this, besides being called.
    fn access(&mut self, _: ServiceId, _: &Asked) {}

    /// There are branches, which are done at once.
    fn branches(&mut self, branches: &[Vec<Step>]);

    /// This share of requests ends here.
    fn ends(&mut self, share: f64);

    /// For each share of requests there are these steps. The shares are 1 together.
    fn ways(&mut self, ways: &[(f64, &[Step])]);

    /// There are these steps, so often.
    fn turns(&mut self, times: Times, steps: &[Step]);

    /// There are these steps, one after the other.
    fn steps(&mut self, steps: &[Step]) {
        steps.iter().for_each(|step| step.visit(self));
    }
}

impl Step {
    /// Tells what it is made of.
    fn visit(&self, visitor: &mut impl Visit) {
        match self {
            Self::Compute(law) => visitor.work(law),
            Self::Call { service, endpoint, policy } => visitor.call(*service, *endpoint, *policy),
            Self::Parallel(branches) => visitor.branches(branches),
            Self::Fail { share, .. } | Self::Answer { share, .. } => visitor.ends(*share),
            Self::Choose { ways, .. } => {
                let sum: f64 = ways.iter().map(|way| way.weight).sum();
                let share = |way: &'_ Way| way.weight / sum;
                let ways: Vec<_> = ways.iter().map(|way| (share(way), &way.steps[..])).collect();
                visitor.ways(&ways);
            }
            Self::Repeat { times, steps } => visitor.turns(*times, steps),
            Self::Access { store, endpoint, policy, asked } => {
                visitor.call(*store, *endpoint, *policy);
                visitor.access(*store, asked);
            }
            Self::Publish(plan) => visitor.publish(plan),
            Self::Request { publish, .. } => visitor.request(publish),
            Self::Enter { .. } => {}
            Self::Keep { access: Access { before, after }, .. } => {
                visitor.work(before);
                visitor.work(after);
            }
        }
    }
}

/// A step, compiled.
pub(super) enum Op {
    Compute {
        step: u64,
        law: Law,
    },
    Call {
        step: u64,
        site: usize,
        endpoint: EndpointId,
        safe: bool,
    },
    Parallel(Vec<Vec<Self>>),
    Fail {
        step: u64,
        share: f64,
        error: ServiceError,
    },
    Answer {
        step: u64,
        share: f64,
        kind: Kind,
    },
    /// Of the ways the first whose limit is above what is drawn.
    Choose {
        step: u64,
        ways: Vec<(f64, Vec<Self>)>,
        by: By,
    },
    Repeat {
        step: u64,
        times: Times,
        steps: Vec<Self>,
    },
    Access {
        step: u64,
        site: usize,
        endpoint: EndpointId,
        asked: Asked,
    },
    Publish {
        step: u64,
        site: usize,
    },
    Request {
        step: u64,
        site: usize,
        timeout: Duration,
    },
    Enter(Entry),
    Keep {
        step: u64,
        act: Act,
        role: Role,
        access: Access,
    },
}

/// Whether it does no harm to ask an endpoint twice.
pub(crate) type IsSafe<'a> = dyn Fn(ServiceId, EndpointId) -> bool + 'a;

/// What steps go through: call sites with the same target and policy share a stack, and those who publish
/// alike share a producer.
#[derive(Default)]
pub(super) struct Sites {
    pub(super) calls: Vec<(ServiceId, Option<StackId>)>,
    pub(super) publishers: Vec<PublishPlan>,
    pub(super) requesters: Vec<PublishPlan>,
}

/// Compiles steps, of which `count` came before and which call through `sites`.
pub(super) fn compile(
    steps: &[Step],
    count: &mut u64,
    sites: &mut Sites,
    is_safe: &IsSafe<'_>,
) -> Vec<Op> {
    let mut compile_step = |step: &Step| {
        *count += 1;
        let number = *count;
        match step {
            Step::Compute(law) => Op::Compute { step: number, law: law.clone() },
            Step::Call { service, endpoint, policy } => Op::Call {
                step: number,
                site: site(&mut sites.calls, (*service, *policy)),
                endpoint: *endpoint,
                safe: is_safe(*service, *endpoint),
            },
            Step::Parallel(branches) => {
                let mut branch = |steps: &Vec<Step>| compile(steps, count, sites, is_safe);
                Op::Parallel(branches.iter().map(&mut branch).collect())
            }
            Step::Fail { share, status } => {
                let error =
                    status.map_or_else(|| ServiceError::new(Kind::Error), ServiceError::called);
                Op::Fail { step: number, share: *share, error }
            }
            Step::Answer { share, status } => {
                Op::Answer { step: number, share: *share, kind: status.kind() }
            }
            Step::Choose { ways, by } => {
                let sum: f64 = ways.iter().map(|way| way.weight).sum();
                let mut limit = 0.0;
                let way = |way: &Way| {
                    limit += way.weight / sum;
                    (limit, compile(&way.steps, count, sites, is_safe))
                };
                Op::Choose { step: number, ways: ways.iter().map(way).collect(), by: *by }
            }
            Step::Repeat { times, steps } => {
                let steps = compile(steps, count, sites, is_safe);
                Op::Repeat { step: number, times: *times, steps }
            }
            Step::Access { store, endpoint, policy, asked } => Op::Access {
                step: number,
                site: site(&mut sites.calls, (*store, *policy)),
                endpoint: *endpoint,
                asked: asked.clone(),
            },
            Step::Publish(plan) => {
                Op::Publish { step: number, site: site(&mut sites.publishers, plan.clone()) }
            }
            Step::Request { publish, timeout } => Op::Request {
                step: number,
                site: site(&mut sites.requesters, publish.clone()),
                timeout: *timeout,
            },
            Step::Enter { ledger, amount } => Op::Enter((*ledger, *amount)),
            Step::Keep { act, role, access } => {
                *count += 1;
                Op::Keep { step: number, act: *act, role: *role, access: access.clone() }
            }
        }
    };
    steps.iter().map(&mut compile_step).collect()
}

/// The number of a call site, which may be known.
fn site<T: PartialEq>(sites: &mut Vec<T>, site: T) -> usize {
    let known = sites.iter().position(|known| *known == site);
    known.unwrap_or_else(|| {
        sites.push(site);
        sites.len() - 1
    })
}

/// How long steps take that are nothing but one step of work, in nanoseconds at the planned pace.
pub(super) fn only_work(ops: &[Op], exchange: &Exchange) -> Option<u64> {
    match ops {
        [Op::Compute { step, law }] => Some(law.sample(&mut draw(exchange, *step, 0))),
        _ => None,
    }
}

/// Does steps one after the other, as long as none fails or says what the answer is.
pub(super) async fn run(ops: &[Op], task: Task<'_>) -> Answer {
    let mut content = Content::default();
    for op in ops {
        match op {
            Op::Compute { step, law } => task.work(*step, law).await,
            Op::Call { step, site, endpoint, safe } => {
                let answer = task.call(*step, *site, *endpoint, *safe).await;
                content = content.with(own(answer)?);
            }
            Op::Parallel(branches) => {
                let branches = branches.iter().map(|ops| boxed(ops, task));
                content = content.then(all(branches).await?);
            }
            Op::Fail { step, share, error } if task.draw(*step).unit() < *share => {
                return Err(Failure::Service(*error));
            }
            Op::Answer { step, share, kind } if task.draw(*step).unit() < *share => {
                content.kind = Some(*kind);
            }
            Op::Fail { .. } | Op::Answer { .. } => {}
            Op::Choose { step, ways, by } => {
                let drawn = task.draw_by(*by, *step).unit();
                let way = ways.iter().find(|(limit, _)| drawn < *limit).or_else(|| ways.last());
                if let Some((_, ops)) = way {
                    content = content.then(boxed(ops, task).await?);
                }
            }
            Op::Repeat { step, times, steps } => {
                for turn in 0..times.sample(&mut task.draw(*step)) {
                    content = content.then(boxed(steps, task.again(*step, turn)).await?);
                    if content.kind.is_some() {
                        break;
                    }
                }
            }
            Op::Access { step, site, endpoint, asked } => {
                let answer = task.access(*step, *site, *endpoint, asked).await;
                content = content.with(own(answer)?);
            }
            Op::Publish { step, site } => task.publish(*step, *site).await?,
            Op::Request { step, site, timeout } => {
                let answer = task.ask(*step, *site, *timeout).await;
                content = content.with(own(answer)?);
            }
            Op::Enter(entry) => task.enter(*entry)?,
            Op::Keep { step, act, role, access } => {
                let kept = task.keep(*step, (*act, *role), access).await?;
                content = Content { version: kept.version, ..content.with(kept) };
            }
        }
        if content.kind.is_some() {
            break;
        }
    }
    Ok(content)
}

/// What is called has failed, and so has who called it.
fn own(answer: Answer) -> Answer {
    answer.map_err(|failure| Failure::Service(ServiceError::behind(&failure)))
}

fn boxed<'a>(ops: &'a [Op], task: Task<'a>) -> Branch<'a> {
    Box::pin(run(ops, task))
}
