//! A world, put together.

use std::sync::Arc;

use cascadia_sim_core::Sim;

use crate::load::Load;
use crate::plan::{Instance, LoadId, Plan, ServiceId};
use crate::service::{Replica, Service};
use crate::world::World;

/// A world and who lives in it.
pub(crate) struct Model {
    pub(crate) world: Arc<World>,
    pub(crate) services: Vec<Service>,
    pub(crate) loads: Vec<Load>,
}

impl Model {
    pub(crate) fn new(sim: Sim, plan: Arc<Plan>) -> Self {
        let world = World::new(sim, plan);
        let mut services = Vec::new();
        let mut first = world.plan.loads.len() as u32;
        for (service, index) in world.plan.services.iter().zip(0..) {
            services.push(Service::new(&world, ServiceId(index), first));
            first += service.replicas;
        }
        let loads =
            (0..world.plan.loads.len() as u32).map(|index| Load::new(&world, LoadId(index)));
        let loads = loads.collect();
        Self { world, services, loads }
    }

    pub(crate) fn replica(&self, instance: Instance) -> &Arc<Replica> {
        &self.services[instance.service.0 as usize].replicas[instance.replica as usize]
    }

    pub(crate) fn replicas(&self) -> impl Iterator<Item = &Arc<Replica>> {
        self.services.iter().flat_map(|service| &service.replicas)
    }
}
