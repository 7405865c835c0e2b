use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::saga::definition::Definition;
use cascadia_patterns::saga::orchestrator::OrchestratorConfig;
use cascadia_patterns::saga::participant::Contention;

use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;

/// Sagas of one definition, and who orchestrates them.
#[derive(Clone, Debug)]
pub struct SagaPlan {
    /// Their name.
    pub name: String,
    /// Their steps.
    pub definition: Arc<Definition>,
    /// Whom each step calls, by its name.
    pub calls: BTreeMap<Arc<str>, StepCalls>,
    /// The steps that lock what the saga is about where they are done, and what becomes of who meets such a lock.
    pub locks: BTreeMap<Arc<str>, Contention>,
    /// The signals that steps wait for, by their names.
    pub signals: BTreeMap<Arc<str>, SignalPlan>,
    /// What an operator wants of them when, in that order.
    pub operator: Vec<OperatorPlan>,
    /// It goes back, if it can, when whoever asked for it has gone.
    pub can_be_cancelled: bool,
    /// How orchestrators take over from each other.
    pub config: OrchestratorConfig,
    /// How long a commit of their store takes.
    pub write: Duration,
    /// Whoever is called does everything once, so that the laws of sagas hold.
    pub once: bool,
}

impl SagaPlan {
    /// Whether any step locks something.
    pub(super) fn locks(&self) -> bool {
        !self.locks.is_empty()
    }

    /// What the calls go through, each once: those with the same target and policy share a stack.
    pub(super) fn sites(&self) -> Vec<(ServiceId, Option<StackId>)> {
        let mut sites = Vec::new();
        let calls = self.calls.values().flat_map(|of| [Some(of.act), of.undo]).flatten();
        for site in calls.map(SagaCall::site) {
            if !sites.contains(&site) {
                sites.push(site);
            }
        }
        sites
    }
}

/// Something that happens outside, and is told to a saga.
#[derive(Clone, Debug)]
pub struct SignalPlan {
    /// How long after the saga has begun.
    pub after: Law,
    /// To which share of sagas it is told at all.
    pub share: f64,
}

/// What an operator wants at a moment.
#[derive(Clone, Debug)]
pub struct OperatorPlan {
    /// When.
    pub at: Duration,
    /// What.
    pub wanted: Wanted,
}

/// What an operator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// That those that are stuck try again.
    Retry,
    /// That those that are stuck at this step go on, as it was seen to by hand.
    Skip(Arc<str>),
    /// That those that are not stuck go back.
    Force,
}

/// Whom a step calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepCalls {
    /// To have it done.
    pub act: SagaCall,
    /// To have it undone, if it can be.
    pub undo: Option<SagaCall>,
}

/// A call of an orchestrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SagaCall {
    /// The service.
    pub service: ServiceId,
    /// What it is asked.
    pub endpoint: EndpointId,
    /// The stack that the call passes.
    pub policy: Option<StackId>,
}

impl SagaCall {
    /// What it goes through.
    pub(super) fn site(self) -> (ServiceId, Option<StackId>) {
        (self.service, self.policy)
    }
}
