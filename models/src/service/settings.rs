use crate::plan::{LayerPlan, OnCancel, Plan, QueuePlan, ServiceId, StackId, Workers};
use crate::script::{Rules, Scripts};

/// What all replicas of a service have in common.
pub(super) struct Settings {
    pub(super) id: ServiceId,
    pub(super) workers: Workers,
    pub(super) queue: QueuePlan,
    pub(super) on_cancel: OnCancel,
    pub(super) inbound: Option<StackId>,
    /// Requests that expired in the queue are refused when a worker takes them up.
    pub(super) expires: bool,
    /// What a worker works on a request that is refused, in nanoseconds.
    pub(super) refusal: u64,
    pub(super) scripts: Scripts,
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
            expires: service.inbound.is_some_and(|stack| checks_deadline(plan, stack)),
            refusal: service.refusal.as_nanos() as u64,
            scripts: Scripts::new(endpoints, rules, &is_safe),
        }
    }
}

fn checks_deadline(plan: &Plan, stack: StackId) -> bool {
    let layers = &plan.stacks[stack.0 as usize].layers;
    layers.iter().any(|layer| matches!(layer, LayerPlan::Deadline(_)))
}
