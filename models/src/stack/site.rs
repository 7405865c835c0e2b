use std::sync::Arc;

use cascadia_patterns::balance::BalanceLayer;
use cascadia_patterns::call::Rejection;
use cascadia_patterns::env::Env;
use cascadia_patterns::shed::OnWait;
use cascadia_runtime::Time;
use cascadia_sim_core::Sim;

use super::Builder;
use crate::exchange::{Content, Request, ServiceError};

/// What a layer is built with.
pub(crate) type LayerEnv = Env<Sim, Content, ServiceError>;

/// What chooses among the replicas of a target.
pub(crate) type Balancer = BalanceLayer<Sim, Request, Content, ServiceError>;

/// Where a layer is built: its place in a stack on the way to a target.
pub(crate) struct Site<'a> {
    pub(super) builder: &'a Builder<'a>,
    /// Where the calls go, in words.
    pub(super) target: &'a str,
    /// Its number in the stack.
    pub(super) index: usize,
    pub(super) kind: &'static str,
    /// What it has to do with the queue behind the stack.
    pub(super) at_queue: &'a mut AtQueue,
}

impl Site<'_> {
    /// What the layer is built with. Asking for it makes the layer known to the measurements.
    pub(super) fn env(&self) -> LayerEnv {
        self.builder.env(self.target, self.index, self.kind)
    }
}

/// What an inbound stack has to do with the queue behind it.
#[derive(Default)]
pub(crate) struct AtQueue {
    /// Those that go by how long requests wait in it.
    pub(crate) waits: Vec<Arc<dyn OnWait>>,
    /// Those that look at a request again when a worker takes it up, innermost first.
    pub(crate) again: Vec<Arc<dyn LookAgain>>,
}

/// Looks at a request again when a worker takes it up.
pub(crate) trait LookAgain: Send + Sync {
    /// The deadline of the work, or why it is not begun.
    fn look_again(&self, deadline: Option<Time>) -> Result<Option<Time>, Rejection>;
}
