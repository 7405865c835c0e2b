use std::sync::Arc;

use crate::plan::{OnCancel, Plan, QueuePlan, ServiceId, StackId, Workers};
use crate::script::{Rules, Scripts};
use crate::store::Keeper;

/// What all replicas of a service have in common.
pub(super) struct Settings {
    pub(super) id: ServiceId,
    pub(super) workers: Workers,
    pub(super) queue: QueuePlan,
    pub(super) on_cancel: OnCancel,
    pub(super) inbound: Option<StackId>,
    /// A layer before the queue looks at requests again when a worker takes them up.
    pub(super) looks_again: bool,
    /// What a worker works on a request that is refused, in nanoseconds.
    pub(super) refusal: u64,
    pub(super) scripts: Scripts,
    /// What it keeps, if it is a store.
    pub(super) keeper: Option<Arc<Keeper>>,
}

impl Settings {
    pub(super) fn new(plan: &Plan, id: ServiceId) -> Self {
        let service = &plan.services[id.0 as usize];
        let rules = Rules {
            forward_deadline: service.forward_deadline,
            forwards_trace: service.forwards_trace,
            stretches: plan.faults.iter().any(|fault| fault.effect.stretches(id)),
        };
        let endpoints = service.endpoints.iter().map(|endpoint| &endpoint.script[..]);
        let is_safe = |service, endpoint| plan.endpoint(service, endpoint).safe;
        Self {
            id,
            workers: service.workers,
            queue: service.queue,
            on_cancel: service.on_cancel,
            inbound: service.inbound,
            looks_again: plan.layers(service.inbound).iter().any(|layer| layer.looks_again()),
            refusal: service.refusal.as_nanos() as u64,
            scripts: Scripts::new(endpoints, rules, &is_safe),
            keeper: service.store.as_ref().map(|store| Keeper::new(store, service.replicas)),
        }
    }
}
