//! Services: replicas that queue and work.

mod arrival;
mod component;
mod death;
mod job;
mod life;
mod queue;
mod refusals;
mod replica;
mod settings;
mod workers;

use std::sync::Arc;

use cascadia_sim_core::Local;

use self::settings::Settings;
use crate::measure::ServiceMeter;
use crate::plan::{Instance, ServiceId, Workers};
use crate::world::World;

pub(crate) use self::death::Death;
pub(crate) use self::replica::Replica;

/// A service at run time.
pub(crate) struct Service {
    pub(crate) meter: Arc<Local<ServiceMeter>>,
    pub(crate) replicas: Vec<Arc<Replica>>,
}

impl Service {
    /// The service `id`, whose first replica is the entity `first`.
    pub(crate) fn new(world: &Arc<World>, id: ServiceId, first: u32) -> Self {
        let plan = &world.plan;
        let service = &plan.services[id.0 as usize];
        let workers = match service.workers {
            Workers::Limited(workers) => workers,
            Workers::Unlimited => 0,
        };
        let meter = ServiceMeter::new(plan.warmup, plan.duration, service.replicas, workers);
        let meter = Arc::new(Local::new(meter));
        let settings = Arc::new(Settings::new(plan, id));
        let replica = |number| {
            let name = format!("{}/{number}", service.name);
            let parts = (Arc::clone(&settings), Arc::clone(&meter));
            let replica = Arc::new(Replica::new(world, name, number, first + number, parts));
            world.directory.enter(Instance { service: id, replica: number }, &replica);
            replica
        };
        let replicas = (0..service.replicas).map(replica).collect();
        Self { meter, replicas }
    }
}
