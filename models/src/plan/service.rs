use std::time::Duration;

use cascadia_patterns::shed::DisciplineConfig;

use super::{Act, BranchPlan, ConsumePlan, MemberPlan, Role, StackId, Step, StorePlan};
use crate::own::OwnParticipant;

/// A service: replicas that queue and work.
#[derive(Clone, Debug)]
pub struct ServicePlan {
    /// Its name.
    pub name: String,
    /// How many replicas it has, at least 1.
    pub replicas: u32,
    /// Requests that one replica works on at the same time.
    pub workers: Workers,
    /// Where requests wait for a worker.
    pub queue: QueuePlan,
    /// What becomes of a request whose caller has gone.
    pub on_cancel: OnCancel,
    /// Its calls have the deadline of the request that they are made for.
    pub forward_deadline: bool,
    /// The stack that requests pass on arrival, before the queue.
    pub inbound: Option<StackId>,
    /// What a worker works on a request that is refused, by the queue or by the inbound stack.
    pub refusal: Duration,
    /// Its calls carry the trace of the request that they are made for.
    pub forwards_trace: bool,
    /// What it keeps, if it is a store.
    pub store: Option<StorePlan>,
    /// What it can be asked to do, sorted by name, and then what it does with what it consumes.
    pub endpoints: Vec<EndpointPlan>,
    /// What it consumes.
    pub consumes: Vec<ConsumePlan>,
    /// Its parts in sagas that go by events.
    pub members: Vec<MemberPlan>,
    /// Its branches of what is done by several together.
    pub branches: Vec<BranchPlan>,
    /// Who does the steps of sagas with the steps of the file, if somebody has code of their own for that.
    pub own: Option<OwnParticipant>,
}

/// How many requests a replica works on at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// At most this many; the others wait.
    Limited(u32),
    /// All of them: a pure delay.
    Unlimited,
}

/// Where requests wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePlan {
    /// Most requests that wait at one replica; one more is refused. `None` is unbounded.
    pub capacity: Option<u32>,
    /// Who is next when a worker is free, and who is shed.
    pub discipline: DisciplineConfig,
}

/// What a service does with a request whose caller has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCancel {
    /// Works it off all the same, as most servers do.
    Ignore,
    /// Drops it where it waits, in the queue or in the inbound stack before it; finishes it once
    /// begun.
    SkipQueued,
    /// Drops it wherever it is.
    Stop,
}

/// What a service does for one kind of request.
#[derive(Clone, Debug)]
pub struct EndpointPlan {
    /// Its name.
    pub name: String,
    /// Sending a request twice does no harm, so it may be retried.
    pub safe: bool,
    /// It does a command of a saga once, and never one that comes after its undo.
    pub once: bool,
    /// The work, in order.
    pub script: Vec<Step>,
}

impl StorePlan {
    /// What its endpoints do.
    pub fn endpoints(&self) -> Vec<EndpointPlan> {
        let endpoint = |(act, role): (Act, Role)| {
            let access = if act == Act::Read { &self.read } else { &self.write };
            let name = match role {
                Role::Member => format!("{} a replica", act.name()),
                Role::Keeper | Role::Elected | Role::Coordinator(_) => act.name().to_owned(),
            };
            let script = vec![Step::Keep { act, role, access: access.clone() }];
            EndpointPlan { name, safe: act.is_safe(), once: false, script }
        };
        self.roles().into_iter().map(endpoint).collect()
    }
}
