use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::two_phase::Config;

use crate::saga::plan::SagaCall;

/// What is done by several services together, and who decides it.
#[derive(Clone, Debug)]
pub struct TwoPhasePlan {
    /// Its name.
    pub name: Arc<str>,
    /// Its branches.
    pub steps: Vec<BranchStep>,
    /// How long the votes may take.
    pub timeout: Duration,
    /// How long before it asks again who says nothing.
    pub pause: Duration,
    /// How long a commit of the store of the coordinators takes.
    pub write: Duration,
}

/// A branch: what a service does with the others.
#[derive(Clone, Debug)]
pub struct BranchStep {
    /// Its name.
    pub name: Arc<str>,
    /// Who does it.
    pub call: SagaCall,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl TwoPhasePlan {
    /// How a coordinator of this name decides.
    pub(super) fn config(&self, name: impl Into<Arc<str>>) -> Config {
        let (timeout, pause) = (self.timeout, self.pause);
        Config { timeout, pause, ..Config::new("decided/", name) }
    }

    /// The names of its branches.
    pub(super) fn names(&self) -> Vec<Arc<str>> {
        self.steps.iter().map(|step| Arc::clone(&step.name)).collect()
    }
}
