use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::saga::definition::Definition;
use cascadia_patterns::saga::orchestrator::OrchestratorConfig;

use crate::ids::{EndpointId, ServiceId, StackId};

/// Sagas of one definition, and who orchestrates them.
#[derive(Clone, Debug)]
pub struct SagaPlan {
    /// Their name.
    pub name: String,
    /// Their steps.
    pub definition: Arc<Definition>,
    /// Whom each step calls, by its name.
    pub calls: BTreeMap<Arc<str>, StepCalls>,
    /// How orchestrators take over from each other.
    pub config: OrchestratorConfig,
    /// How long a commit of their store takes.
    pub write: Duration,
    /// Whoever is called does everything once, so that the laws of sagas hold.
    pub once: bool,
}

impl SagaPlan {
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
