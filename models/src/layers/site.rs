use std::sync::Arc;

use cascadia_patterns::balance::BalanceLayer;
use cascadia_patterns::call::{Kinds, Rejection};
use cascadia_patterns::env::Env;
use cascadia_patterns::shed::OnWait;
use cascadia_patterns::store::Store;
use cascadia_runtime::Time;
use cascadia_sim_core::Sim;

use crate::exchange::{Content, Request, Route, ServiceError};
use crate::ids::{EndpointId, Instance, ServiceId, StackId};

/// What a layer is built with.
pub(crate) type LayerEnv = Env<Sim, Content, ServiceError>;

/// What chooses among the replicas of a target.
pub(crate) type Balancer = BalanceLayer<Sim, Request, Content, ServiceError>;

/// Where a layer is built: its place in a stack on the way to a target.
pub(crate) struct Site<'a> {
    pub(crate) stack: &'a dyn Surroundings,
    pub(crate) target: Target,
    /// Its number in the stack.
    pub(crate) index: usize,
    pub(crate) kind: &'static str,
    /// Which failures it goes by.
    pub(crate) kinds: Kinds,
    /// What it has to do with the queue behind the stack.
    pub(crate) at_queue: &'a mut AtQueue,
}

/// Where calls through a layer go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// To a service, whichever of its replicas it will be.
    Service(ServiceId),
    /// To one replica.
    Replica(Instance),
    /// To the queue of whom they have arrived at.
    Queue,
}

/// What a layer asks of the stack that it is built in.
pub(crate) trait Surroundings {
    /// What the layer in place `index` is built with, before `target`.
    fn env(&self, target: Target, index: usize, kind: &str) -> LayerEnv;

    /// The way to where the layer in place `index` turns to in its step `number`, and whether it
    /// does no harm to ask that twice.
    fn aside(&self, target: Target, index: usize, number: u64, to: Aside) -> (Route, bool);

    /// The table of a store.
    fn table(&self, store: ServiceId) -> Arc<dyn Store>;

    /// What layers of the same policy on the same way have in common: its name, and no other way's.
    fn common(&self) -> String;
}

/// Another endpoint, and the stack of the way there.
pub(crate) type Aside = (ServiceId, EndpointId, Option<StackId>);

impl Site<'_> {
    /// What the layer is built with. Asking for it makes the layer known to the measurements.
    pub(super) fn env(&self) -> LayerEnv {
        let env = self.stack.env(self.target, self.index, self.kind);
        LayerEnv { classify: self.kinds.around(env.classify), ..env }
    }

    /// The way to where the layer turns to in its step `number`, and whether it does no harm to ask
    /// that twice.
    pub(super) fn aside(&self, number: u64, to: Aside) -> (Route, bool) {
        self.stack.aside(self.target, self.index, number, to)
    }

    /// The table of a store.
    pub(super) fn table(&self, store: ServiceId) -> Arc<dyn Store> {
        self.stack.table(store)
    }

    /// The name of what is kept for all layers of the same policy on the same way.
    pub(super) fn common(&self) -> String {
        self.stack.common()
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
