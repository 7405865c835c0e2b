//! A world, put together.

use std::sync::Arc;

use cascadia_sim_core::Sim;

use crate::component::Ground;
use crate::ground::WorldGround;
use crate::group::{Group, settle};
use crate::load::Load;
use crate::plan::{Instance, LoadId, Plan, ServiceId};
use crate::service::Service;
use crate::world::{Resident, World};

/// A world and who lives in it.
pub(crate) struct Model {
    pub(crate) world: Arc<World>,
    pub(crate) ground: Arc<dyn Ground>,
    pub(crate) services: Vec<Service>,
    pub(crate) groups: Vec<Group>,
    /// The replicas of the services and then the members of the groups, in their order.
    pub(crate) residents: Vec<Arc<Resident>>,
    pub(crate) loads: Vec<Load>,
}

impl Model {
    pub(crate) fn new(sim: Sim, plan: Arc<Plan>) -> Self {
        let world = World::new(sim, plan);
        let plan = &world.plan;
        let (mut services, mut groups, mut residents) = (Vec::new(), Vec::new(), Vec::new());
        for id in plan.groups() {
            if let Some(component) = plan.component(id) {
                let group = Group::new(&world, id, component);
                residents.extend(group.members.iter().cloned());
                groups.push(group);
            } else {
                let service = Service::new(&world, id);
                let build = |place: &_, number| service.build(&world, place, number);
                residents.extend(settle(&world, id, build));
                services.push(service);
            }
        }
        let loads = (0..plan.loads.len() as u32).map(|index| Load::new(&world, LoadId(index)));
        let loads = loads.collect();
        let ground = Arc::new(WorldGround(Arc::clone(&world)));
        Self { world, ground, services, groups, residents, loads }
    }

    pub(crate) fn service(&self, id: ServiceId) -> &Service {
        &self.services[id.0 as usize]
    }

    pub(crate) fn group(&self, id: ServiceId) -> &Group {
        &self.groups[id.0 as usize - self.services.len()]
    }

    pub(crate) fn resident(&self, at: Instance) -> Arc<Resident> {
        self.world.directory.find(at)
    }
}
