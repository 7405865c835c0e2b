use std::collections::BTreeMap;

use cascadia_patterns::messaging::group::{
    GroupConfig, GroupCore, GroupError, GroupEvent, Joining,
};
use cascadia_patterns::messaging::{Generation, MemberId, Sharing};
use cascadia_runtime::Time;

use crate::broker::settings::BrokerPlan;
use crate::broker::words::{Membership, Wish};
use crate::component::PlaceId;

/// Groups that share partitions and are kept together here: in memory, so that all join again after a restart.
#[derive(Default)]
pub(super) struct Groups {
    /// By the positions of their topic and their own.
    groups: BTreeMap<(usize, usize), Grouped>,
}

struct Grouped {
    /// None of its generations is before this one.
    first: Generation,
    core: GroupCore,
    /// Where each member is, and which feed there.
    members: BTreeMap<MemberId, (PlaceId, u64)>,
}

impl Groups {
    /// Forgets those groups that are kept together from another generation on, or elsewhere.
    pub(super) fn retain(&mut self, first: impl Fn((usize, usize)) -> Option<Generation>) {
        self.groups.retain(|group, grouped| first(*group) == Some(grouped.first));
    }

    /// A member wants something.
    pub(super) fn ask(
        &mut self,
        plan: &BrokerPlan,
        now: Time,
        (from, first): (PlaceId, Generation),
        Membership { group, feed, who, wish }: Membership,
    ) -> Result<(), GroupError> {
        if let Wish::Join(_) = wish
            && !self.groups.contains_key(&group)
        {
            self.groups.insert(group, Grouped::new(plan, group, first, now));
        }
        let grouped = self.groups.get_mut(&group).ok_or(GroupError::UnknownMember)?;
        match wish {
            Wish::Join(owned) => {
                grouped.members.insert(who.id.clone(), (from, feed));
                let topics = [plan.topics[group.0].name.clone()].into();
                grouped.core.join(now, Joining { who, topics, owned })
            }
            Wish::Stay(generation) => grouped.core.heartbeat(now, &who, generation),
            Wish::Leave => {
                grouped.members.remove(&who.id);
                grouped.core.leave(now, &who);
                Ok(())
            }
        }
    }

    /// What is told next, and whom.
    pub(super) fn poll(&mut self) -> Option<(PlaceId, u64, GroupEvent)> {
        self.groups.values_mut().find_map(Grouped::poll)
    }

    pub(super) fn next_deadline(&self) -> Time {
        let deadlines = self.groups.values().map(|grouped| grouped.core.next_deadline());
        deadlines.min().unwrap_or(Time::MAX)
    }

    pub(super) fn on_tick(&mut self, now: Time) {
        self.groups.values_mut().for_each(|grouped| grouped.core.on_tick(now));
    }
}

impl Grouped {
    fn new(
        plan: &BrokerPlan,
        (topic, group): (usize, usize),
        first: Generation,
        now: Time,
    ) -> Self {
        let topic = &plan.topics[topic];
        let group = &topic.groups[group];
        let Sharing::Partitions(assignor) = group.subscription.sharing else {
            unreachable!("only those join who share partitions")
        };
        let config = GroupConfig {
            session_timeout: group.session.timeout,
            rebalance_timeout: group.subscription.poll_interval,
            assignor,
            ..GroupConfig::default()
        };
        let mut core = GroupCore::new(config, first);
        core.set_partitions(now, [(topic.name.clone(), topic.settings.partitions)].into());
        Self { first, core, members: BTreeMap::new() }
    }

    fn poll(&mut self) -> Option<(PlaceId, u64, GroupEvent)> {
        while let Some(event) = self.core.poll_event() {
            let (GroupEvent::Rejoin { member, .. }
            | GroupEvent::Assigned { member, .. }
            | GroupEvent::Removed { member, .. }) = &event;
            let found = match event {
                GroupEvent::Removed { replaced: false, .. } => self.members.remove(member),
                _ => self.members.get(member).copied(),
            };
            if let Some((place, feed)) = found {
                return Some((place, feed, event));
            }
        }
        None
    }
}
