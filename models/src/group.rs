//! A group of alike components at run time.

use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::component::{Flow, Invariant, Rows};
use crate::measure::ComponentMeter;
use crate::plan::{ComponentPlan, ServiceId};
use crate::world::World;

/// Components other than those of services.
pub(crate) struct Group {
    id: ServiceId,
    plan: ComponentPlan,
    pub(crate) meter: Local<ComponentMeter>,
}

impl Group {
    pub(crate) fn new(id: ServiceId, plan: &ComponentPlan) -> Self {
        let meter = Local::new(ComponentMeter::new(plan.build.rows()));
        Self { id, plan: plan.clone(), meter }
    }

    /// Copies the rows at a boundary.
    pub(crate) fn copy(&self, world: &World, now: Time) {
        let mut rows = Rows::new(self.plan.build.rows());
        let members = world.directory.residents(self.id);
        members.iter().for_each(|member| member.component.rows(&mut rows));
        self.meter.borrow_mut().copy(now, rows.into_values());
    }

    /// The laws that its members have kept, and that of what they sent on their own.
    pub(crate) fn invariants(&self, world: &World) -> Vec<Invariant> {
        let members = world.directory.residents(self.id);
        let own = members.iter().flat_map(|member| {
            let place = member.place.name();
            let laws = member.component.invariants().into_iter();
            laws.map(move |law| Invariant { name: format!("{} {place}", law.name), ..law })
        });
        own.chain([flow(world, self.id)]).collect()
    }
}

/// That everything has come to an end which the members of a group sent on their own.
pub(crate) fn flow(world: &World, group: ServiceId) -> Invariant {
    let members = world.directory.residents(group);
    let flow = members.iter().map(|member| member.outbox.flow());
    flow.fold(Flow::default(), Flow::plus).conservation(world.names.group(group))
}
