use std::time::Duration;

use cascadia_patterns::call::Kind;

use super::plan::{Step, Way};
use crate::exchange::{Exchange, ServiceError};
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
use crate::ledgers::Entry;
use crate::plan::PublishPlan;
use crate::script::choice::{By, Times};
use crate::script::task::draw;
use crate::store::{Access, Act, Asked, Role};

/// A step, compiled.
pub(in crate::script) enum Op {
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
pub(in crate::script) struct Sites {
    pub(in crate::script) calls: Vec<(ServiceId, Option<StackId>)>,
    pub(in crate::script) publishers: Vec<PublishPlan>,
    pub(in crate::script) requesters: Vec<PublishPlan>,
}

/// Compiles steps, of which `count` came before and which call through `sites`.
pub(in crate::script) fn compile(
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
pub(in crate::script) fn only_work(ops: &[Op], exchange: &Exchange) -> Option<u64> {
    match ops {
        [Op::Compute { step, law }] => Some(law.sample(&mut draw(exchange, *step, 0))),
        _ => None,
    }
}
