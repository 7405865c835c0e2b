//! Members of groups come and go.

use crate::component::{Change, Member};
use crate::model::Model;
use crate::plan::{Instance, ServiceId};
use crate::world::World;

impl Model {
    /// Fault number `index` begins to ask for so many members of a group, or asks no longer. Of
    /// several in force the last that began decides. Those who came last leave first.
    pub(crate) fn scale(&self, index: usize, service: ServiceId, to: Option<u32>) {
        let wanted = {
            let scales = &mut *self.scales.borrow_mut();
            match to {
                Some(to) => scales.push((index, service, to)),
                None => scales.retain(|(held, ..)| *held != index),
            }
            let last = scales.iter().rev().find(|(_, scaled, _)| *scaled == service);
            last.map_or_else(|| self.world.plan.replicas(service), |(.., to)| *to)
        };
        let members = self.world.directory.members(service);
        (members.len() as u32..wanted).for_each(|_| self.join(service));
        members.iter().skip(wanted as usize).rev().for_each(|leaver| self.leave(leaver.instance));
    }

    /// A new member joins a group.
    fn join(&self, service: ServiceId) {
        let (member, resident) = self.settle(service);
        resident.join(&self.ground);
        self.world.directory.announce(service, Change::Joined(member));
    }

    /// A member leaves its group. What is under way there is ended.
    fn leave(&self, instance: Instance) {
        let World { directory, .. } = &*self.world;
        let resident = directory.find(instance);
        let member = Member { instance, place: resident.place.id };
        resident.leave(&self.ground);
        directory.announce(instance.service, Change::Left(member));
    }
}
