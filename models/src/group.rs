//! A group of alike components at run time.

use std::sync::Arc;

use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::component::{Component, Flow, Invariant, Place, Rows};
use crate::measure::ComponentMeter;
use crate::names::Names;
use crate::plan::{ComponentPlan, Instance, Party, ServiceId};
use crate::world::{Resident, World};

/// Lets those of a group live at their places.
pub(crate) fn settle(
    world: &World,
    service: ServiceId,
    build: impl Fn(&Arc<Place>, u32) -> Arc<dyn Component>,
) -> Vec<Arc<Resident>> {
    let settle = |replica| {
        let at = Instance { service, replica };
        let id = world.directory.place(Party::Instance(at));
        let name = format!("{}/{replica}", world.names.group(service));
        let (node, identity) = (world.sim.node(&name), world.plan.place_identity(at));
        let place = Arc::new(Place::new(id, name, identity, node));
        let component = build(&place, replica);
        let resident = Resident::new(world.sim, &world.machines, place, component);
        world.directory.enter(&resident);
        resident
    };
    (0..world.plan.replicas(service)).map(settle).collect()
}

/// Components other than those of services.
pub(crate) struct Group {
    id: ServiceId,
    pub(crate) plan: ComponentPlan,
    pub(crate) meter: Local<ComponentMeter>,
    pub(crate) members: Vec<Arc<Resident>>,
}

impl Group {
    pub(crate) fn new(world: &World, id: ServiceId, plan: &ComponentPlan) -> Self {
        let members = settle(world, id, |place, _| plan.build.build(place));
        Self { id, plan: plan.clone(), meter: Local::default(), members }
    }

    /// Copies the rows at a boundary.
    pub(crate) fn copy(&self, now: Time) {
        let mut rows = Rows::new(self.plan.build.rows());
        self.members.iter().for_each(|member| member.component.rows(&mut rows));
        self.meter.borrow_mut().copy(now, rows.into_values());
    }

    /// The laws that its members have kept, and that of what they sent on their own.
    pub(crate) fn invariants(&self, names: &Names) -> Vec<Invariant> {
        let own = self.members.iter().flat_map(|member| {
            let place = member.place.name();
            let laws = member.component.invariants().into_iter();
            laws.map(move |law| Invariant { name: format!("{} {place}", law.name), ..law })
        });
        let flow = self.members.iter().map(|member| member.outbox.flow());
        let flow = flow.fold(Flow::default(), Flow::plus).conservation(names.group(self.id));
        own.chain([flow]).collect()
    }
}
