//! Services: replicas that queue and work.

mod death;
mod job;
mod queue;
mod replica;
mod script;
mod work;
mod worker;

use std::sync::Arc;

use cascadia_sim_core::{Local, Sim};

use crate::measure::ServiceMeter;
use crate::plan::{LayerPlan, OnCancel, Plan, QueuePlan, ServiceId, StackId, Workers};

pub(crate) use self::death::Death;
pub(crate) use self::job::Job;
pub(crate) use self::replica::{Replica, Station};
pub use self::script::{Step, Visit};

/// A service at run time.
pub(crate) struct Service {
    pub(crate) meter: Arc<Local<ServiceMeter>>,
    pub(crate) replicas: Vec<Replica>,
}

impl Service {
    /// The service number `index` of `plan`, whose first replica is the entity `first`.
    pub(crate) fn new(sim: Sim, plan: &Plan, index: u32, first: u32) -> Self {
        let service = &plan.services[index as usize];
        let workers = match service.workers {
            Workers::Limited(workers) => workers,
            Workers::Unlimited => 0,
        };
        let meter = ServiceMeter::new(plan.warmup, plan.duration, service.replicas, workers);
        let meter = Arc::new(Local::new(meter));
        let settings = Arc::new(Settings {
            id: ServiceId(index),
            workers: service.workers,
            queue: service.queue,
            on_cancel: service.on_cancel,
            forward_deadline: service.forward_deadline,
            inbound: service.inbound,
            expires: service.inbound.is_some_and(|stack| checks_deadline(plan, stack)),
            refusal: service.refusal.as_nanos() as u64,
            forwards_trace: service.forwards_trace,
            stretches: plan.faults.iter().any(|fault| fault.effect.stretches(ServiceId(index))),
            script: script::Scripts::new(plan, ServiceId(index)),
        });
        let replica = |replica| {
            let name = format!("{}/{replica}", service.name);
            let parts = (Arc::clone(&settings), Arc::clone(&meter));
            Replica::new(sim, name, replica, first + replica, parts)
        };
        let replicas = (0..service.replicas).map(replica).collect();
        Self { meter, replicas }
    }
}

fn checks_deadline(plan: &Plan, stack: StackId) -> bool {
    let layers = &plan.stacks[stack.0 as usize].layers;
    layers.iter().any(|layer| matches!(layer, LayerPlan::Deadline(_)))
}

/// What all replicas of a service have in common.
pub(crate) struct Settings {
    id: ServiceId,
    workers: Workers,
    queue: QueuePlan,
    on_cancel: OnCancel,
    /// Its calls have the deadline of the request that they are made for.
    forward_deadline: bool,
    inbound: Option<StackId>,
    /// Requests that expired in the queue are refused when a worker takes them up.
    expires: bool,
    /// What a worker works on a request that is refused, in nanoseconds.
    refusal: u64,
    /// Its calls carry the trace of the request that they are made for.
    forwards_trace: bool,
    /// A fault stretches work in progress.
    stretches: bool,
    script: script::Scripts,
}
