//! Stacks that requests pass on arrival.

use std::sync::Arc;

use super::{Builder, Caller};
use crate::exchange::Route;
use crate::layers::{AtQueue, Target};
use crate::plan::{ServiceId, StackId};
use crate::world::World;

/// The way of requests to `queue`, that of the replica `caller` of `service`, and what its layers
/// do there.
pub(crate) fn inbound(
    world: &Arc<World>,
    caller: &Caller,
    service: ServiceId,
    stack: StackId,
    queue: Route,
) -> (Route, AtQueue) {
    let way = format!("into {}", world.names.group(service));
    let stack = Some(stack);
    let policy = world.names.stack(stack);
    let builder = Builder {
        world: Arc::clone(world),
        caller: caller.clone(),
        identity: world.plan.way_identity(caller.identity.name("inbound"), service, stack),
        stack,
        policy: policy.to_owned(),
        apart: String::new(),
        way,
        ambiguous: false,
        repeated: true,
    };
    let mut at_queue = AtQueue::default();
    let route = builder.wrap_before(builder.layers(), 0, Target::Queue, queue, &mut at_queue);
    (route, at_queue)
}
