//! A world, put together.

use std::sync::Arc;

use cascadia_sim_core::{Local, Sim};

use crate::clocks::Clocks;
use crate::component::{Ground, Member, Place};
use crate::disk::Drive;
use crate::ground::WorldGround;
use crate::group::Group;
use crate::load::Load;
use crate::measure::Windows;
use crate::plan::{ComponentPlan, LoadId, Plan, Scale, ServiceId};
use crate::service::Service;
use crate::world::{Look, Resident, World};

/// A world and who lives in it.
pub(crate) struct Model {
    pub(crate) world: Arc<World>,
    pub(crate) ground: Arc<dyn Ground>,
    pub(crate) services: Vec<Service>,
    pub(crate) groups: Vec<Group>,
    /// Everybody who has ever lived.
    residents: Local<Vec<Arc<Resident>>>,
    pub(crate) loads: Vec<Load>,
    /// The faults in force that say how many members a group has.
    pub(crate) scales: Local<Vec<(usize, Scale)>>,
    pub(crate) clocks: Clocks,
}

impl Model {
    pub(crate) fn new(sim: Sim, plan: Arc<Plan>, look: Look<'_>) -> Self {
        let world = World::new(sim, plan, look);
        let plan = &world.plan;
        let services =
            (0..plan.services.len() as u32).map(|id| Service::new(&world, ServiceId(id)));
        let services: Vec<Service> = services.collect();
        let windows = Windows::new(plan.warmup, plan.duration);
        let groups =
            plan.groups().filter_map(|id| Some(Group::new(id, plan.component(id)?, windows)));
        let groups = groups.collect();
        let settled = plan.groups().flat_map(|id| (0..plan.replicas(id)).map(move |_| id));
        let residents = settled.map(|id| settle(&world, &services, id).1).collect();
        let loads = (0..plan.loads.len() as u32).map(|index| Load::new(&world, LoadId(index)));
        let loads: Vec<Load> = loads.collect();
        let ground = Arc::new(WorldGround { world: Arc::clone(&world), loads: loads.clone() });
        let (residents, scales) = (Local::new(residents), Local::default());
        let clocks = Clocks::new(sim);
        Self { world, ground, services, groups, residents, loads, scales, clocks }
    }

    /// Somebody new moves in as the next of a group.
    pub(crate) fn settle(&self, id: ServiceId) -> (Member, Arc<Resident>) {
        let (member, resident) = settle(&self.world, &self.services, id);
        self.residents.borrow_mut().push(Arc::clone(&resident));
        (member, resident)
    }

    /// Everybody who has ever lived, in the order of their places.
    pub(crate) fn residents(&self) -> Vec<Arc<Resident>> {
        self.residents.borrow_mut().clone()
    }

    /// About how many bytes it takes to keep what all of them keep.
    pub(crate) fn held(&self) -> u64 {
        self.residents.borrow_mut().iter().map(|resident| resident.component.held()).sum()
    }

    pub(crate) fn service(&self, id: ServiceId) -> &Service {
        &self.services[id.0 as usize]
    }

    pub(crate) fn group(&self, id: ServiceId) -> &Group {
        &self.groups[id.0 as usize - self.services.len()]
    }
}

fn settle(world: &Arc<World>, services: &[Service], id: ServiceId) -> (Member, Arc<Resident>) {
    let member = world.directory.next(id);
    let number = member.instance.replica;
    let name = format!("{}/{number}", world.names.group(id));
    let identity = world.plan.place_identity(member.instance);
    let node = world.sim.node(&name);
    let place = Arc::new(Place::new(member.place, name, identity, node));
    let (component, disk) = match world.plan.component(id) {
        Some(ComponentPlan { build, disk, .. }) => {
            (build.build(&place), build.keeps().then_some(disk))
        }
        None => {
            let service = &services[id.0 as usize];
            (service.build(world, &place, number), service.disk())
        }
    };
    let disk = disk.map(|disk| Drive::new(world.sim, place.name(), place.identity, disk));
    let resident = Resident::new(world.sim, &world.machines, place, component, disk);
    world.directory.enter(member, &resident);
    (member, resident)
}
