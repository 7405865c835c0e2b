use std::collections::BTreeSet;

use cascadia_runtime::Time;

use super::assign::assign;
use super::core::{GroupCore, Phase};
use super::event::GroupEvent;

impl GroupCore {
    /// Begins a rebalance, unless one is under way.
    pub(super) fn prepare(&mut self, now: Time) {
        if self.members.is_empty() {
            self.phase = Phase::Empty;
            return;
        }
        let (wait, first) = match self.phase {
            Phase::Preparing { .. } => return,
            Phase::Empty => (self.config.initial_delay, true),
            Phase::Stable => (self.config.rebalance_timeout, false),
        };
        self.phase = Phase::Preparing { until: now + wait, first };
        if first {
            return;
        }
        let keeps = !self.is_eager();
        let waiting = self.members.iter_mut().filter(|(_, member)| !member.joined);
        let waiting: Vec<_> = waiting.map(|(id, _)| id.clone()).collect();
        for member in waiting {
            self.tell(GroupEvent::Rejoin { member, keeps });
        }
    }

    pub(super) fn finish_if_all(&mut self, now: Time) {
        let all = self.members.values().all(|member| member.joined);
        if all && matches!(self.phase, Phase::Preparing { first: false, .. }) {
            self.finish(now);
        }
    }

    /// Ends a rebalance: who has not come is out, all others are told what they have.
    pub(super) fn finish(&mut self, now: Time) {
        let late = self.members.iter().filter(|(_, member)| !member.joined);
        let late: Vec<_> = late.map(|(id, _)| id.clone()).collect();
        late.iter().for_each(|id| self.remove(id));
        if self.members.is_empty() {
            self.phase = Phase::Empty;
            return;
        }
        self.generation.0 += 1;
        self.phase = Phase::Stable;
        let wanted = self.members.iter().map(|(id, member)| (id.clone(), member.topics.clone()));
        let target =
            assign(self.config.assignor, &self.partitions, &wanted.collect(), &self.assignment());
        let before = self.assignment();
        for (id, new) in target {
            let of_others = before.iter().filter(|(other, _)| !self.is_eager() && **other != id);
            let taken: BTreeSet<_> = of_others.flat_map(|(_, own)| own).collect();
            // What another still has comes when that one has let go of it, with the next generation.
            let partitions: BTreeSet<_> =
                new.iter().filter(|partition| !taken.contains(partition)).cloned().collect();
            let Some(member) = self.members.get_mut(&id) else { continue };
            let revoked: BTreeSet<_> = member.owned.difference(&new).cloned().collect();
            member.owned = partitions.clone();
            member.expires = now + self.config.session_timeout;
            member.joined = false;
            member.revokes = !revoked.is_empty();
            let generation = self.generation;
            self.tell(GroupEvent::Assigned { member: id, generation, partitions, revoked });
        }
    }
}
