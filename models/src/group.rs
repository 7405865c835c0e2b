//! A group of alike components at run time.

use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::component::{Flow, Invariant, Rows};
use crate::measure::{ComponentMeasured, ComponentMeter, Windows};
use crate::plan::{ComponentPlan, ServiceId};
use crate::world::World;

/// Components other than those of services.
pub(crate) struct Group {
    id: ServiceId,
    plan: ComponentPlan,
    meter: Local<ComponentMeter>,
    /// Those of its parts.
    parts: Vec<Local<ComponentMeter>>,
}

impl Group {
    pub(crate) fn new(id: ServiceId, plan: &ComponentPlan, windows: Windows) -> Self {
        let meter = |rows| Local::new(ComponentMeter::new(rows, windows));
        let parts = plan.build.parts().iter().map(|part| meter(part.rows)).collect();
        Self { id, plan: plan.clone(), meter: meter(plan.build.rows()), parts }
    }

    /// Copies the rows at a boundary.
    pub(crate) fn copy(&self, world: &World, now: Time) {
        let mut rows = Rows::new(self.plan.build.rows());
        let members = world.directory.residents(self.id);
        members.iter().for_each(|member| member.component.rows(&mut rows));
        self.meter.borrow_mut().copy(now, rows.into_values());
        let (common, build) = (world.common(self.id), &self.plan.build);
        for ((at, part), meter) in build.parts().iter().enumerate().zip(&self.parts) {
            let mut rows = Rows::new(part.rows);
            common.iter().for_each(|common| build.part(common, at, now, &mut rows));
            meter.borrow_mut().copy(now, rows.into_values());
        }
    }

    /// What it counted between two boundaries, or one of its parts did.
    pub(crate) fn between(&self, part: Option<u32>, from: Time, until: Time) -> Vec<u64> {
        let meter = part.map_or(&self.meter, |part| &self.parts[part as usize]);
        meter.borrow_mut().between(from, until)
    }

    pub(crate) fn measured(&self, world: &World, end: Time) -> ComponentMeasured {
        let (common, build) = (world.common(self.id), &self.plan.build);
        let part = |(at, meter): (usize, &Local<ComponentMeter>)| ComponentMeasured {
            remarks: common.iter().flat_map(|common| build.remarks(common, at)).collect(),
            ..meter.borrow_mut().measured(end)
        };
        let parts = self.parts.iter().enumerate().map(part).collect();
        ComponentMeasured { parts, ..self.meter.borrow_mut().measured(end) }
    }

    /// The laws that its members have kept, and that of what they sent on their own.
    pub(crate) fn invariants(&self, world: &World) -> Vec<Invariant> {
        let members = world.directory.residents(self.id);
        let own = members.iter().flat_map(|member| {
            let place = member.place.name();
            let laws = member.component.invariants().into_iter();
            laws.map(move |law| Invariant { name: format!("{} {place}", law.name), ..law })
        });
        let common = world.common(self.id);
        let laws = common.iter().flat_map(|common| self.plan.build.laws(common));
        own.chain([flow(world, self.id)]).chain(laws).collect()
    }
}

/// That everything has come to an end which the members of a group sent on their own.
pub(crate) fn flow(world: &World, group: ServiceId) -> Invariant {
    let members = world.directory.residents(group);
    let flow = members.iter().map(|member| member.outbox.flow());
    flow.fold(Flow::default(), Flow::plus).conservation(world.names.group(group))
}
