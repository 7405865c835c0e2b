//! Members of groups come and go.

use std::time::Duration;

use crate::component::{Change, Member};
use crate::model::Model;
use crate::plan::{Instance, Scale, ServiceId};

impl Model {
    /// Fault number `index` begins to ask for so many members of a group, or asks no longer. Of
    /// several in force the last that began decides. Those who came last leave first.
    pub(crate) fn scale(&self, index: usize, scale: Scale, begins: bool) {
        let group = scale.group;
        let wanted = {
            let scales = &mut *self.scales.borrow_mut();
            match begins {
                true => scales.push((index, scale)),
                false => scales.retain(|(held, _)| *held != index),
            }
            let last = scales.iter().rev().find(|(_, scale)| scale.group == group);
            last.map_or_else(|| self.world.plan.replicas(group), |(_, scale)| scale.to)
        };
        let members = self.world.directory.members(group);
        (members.len() as u32..wanted).for_each(|_| self.join(group));
        let leavers = members.iter().skip(wanted as usize).rev();
        leavers.for_each(|leaver| self.leave(*leaver, scale.grace));
    }

    /// A new member joins a group.
    fn join(&self, service: ServiceId) {
        let (member, resident) = self.settle(service);
        resident.join(&self.ground);
        self.world.directory.announce(service, Change::Joined(member));
    }

    /// A member leaves its group. What is under way there is ended.
    fn leave(&self, leaver: Member, grace: Duration) {
        let Instance { service, .. } = leaver.instance;
        self.world.directory.find(leaver.instance).leave(&self.ground, grace);
        self.world.directory.announce(service, Change::Left(leaver));
    }
}
