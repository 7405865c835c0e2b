//! Stacks that requests pass on arrival.

use std::sync::Arc;

use cascadia_patterns::deadline::DeadlineLayer;
use cascadia_patterns::shed::WaitGauge;
use cascadia_sim_core::Sim;

use super::{Builder, Caller};
use crate::exchange::{Content, Request, Route, ServiceError};
use crate::names::INBOUND;
use crate::plan::{ServiceId, StackId};
use crate::world::World;

/// What an inbound stack has to do with the queue behind it.
#[derive(Default)]
pub(crate) struct AtQueue {
    /// Those that go by how long requests wait in it.
    pub(crate) waits: Vec<Arc<WaitGauge>>,
    /// Those that look at a request again when a worker takes it up, innermost first.
    pub(crate) deadlines: Vec<Arc<DeadlineLayer<Sim, Request, Content, ServiceError>>>,
}

/// The way of requests to `queue`, that of the replica `caller` of `service`, and what its layers do there.
pub(crate) fn inbound(
    world: &Arc<World>,
    caller: &Caller<'_>,
    service: ServiceId,
    stack: StackId,
    queue: Route,
) -> (Route, AtQueue) {
    let way = format!("into {}", world.plan.services[service.0 as usize].name);
    let policy = world.plan.stack_name(Some(stack));
    let builder = Builder {
        world,
        caller,
        stack: Some(stack),
        policy,
        apart: "",
        way,
        ambiguous: false,
        repeated: true,
    };
    let mut at_queue = AtQueue::default();
    let route = builder.wrap_before(builder.layers(), 0, INBOUND, queue, &mut at_queue);
    (route, at_queue)
}
