use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cascadia_runtime::Time;

use super::assign::Assignment;
use super::config::GroupConfig;
use super::event::{GroupError, GroupEvent};
use super::member::{Joining, Member, Who};
use crate::config::assert_checked;
use crate::messaging::ids::{Generation, MemberId, Partition, Topic};
use crate::messaging::sharing::Assignor;

/// The members of a group, and who of them has which partitions.
///
/// - *Events*: [`join`](Self::join), [`heartbeat`](Self::heartbeat), [`leave`](Self::leave),
///   [`set_partitions`](Self::set_partitions), and [`on_tick`](Self::on_tick), which is due at
///   [`next_deadline`](Self::next_deadline).
/// - *Output*: [`poll_event`](Self::poll_event).
///
/// What a member does with a partition is valid as long as [`check`](Self::check) says so of its generation.
#[derive(Debug)]
pub struct GroupCore {
    pub(super) config: GroupConfig,
    pub(super) partitions: BTreeMap<Topic, u32>,
    pub(super) members: BTreeMap<MemberId, Member>,
    pub(super) generation: Generation,
    pub(super) phase: Phase,
    pub(super) events: VecDeque<GroupEvent>,
}

/// What a group does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Empty,
    /// Waits for members to join: until all have, or until then.
    Preparing {
        until: Time,
        first: bool,
    },
    Stable,
}

impl GroupCore {
    /// A group without members. `generation` is the last that an earlier life of it has told, and zero if there was
    /// none.
    ///
    /// # Panics
    ///
    /// When the configuration does not pass its check.
    pub fn new(config: GroupConfig, generation: Generation) -> Self {
        assert_checked(config.check());
        Self {
            config,
            partitions: BTreeMap::new(),
            members: BTreeMap::new(),
            generation,
            phase: Phase::Empty,
            events: VecDeque::new(),
        }
    }

    /// How many partitions topics have. Where that has changed, they are assigned anew.
    pub fn set_partitions(&mut self, now: Time, partitions: BTreeMap<Topic, u32>) {
        if self.partitions != partitions {
            self.partitions = partitions;
            self.prepare(now);
        }
    }

    /// Somebody joins, or joins again: it is told what it has with
    /// [`GroupEvent::Assigned`], when the others have joined, too.
    ///
    /// # Errors
    ///
    /// When a later start of the same member is there.
    pub fn join(&mut self, now: Time, joining: Joining) -> Result<(), GroupError> {
        let owned = self.owned_by(&joining);
        let Joining { who: Who { id, instance }, topics, .. } = joining;
        let known = self.members.get(&id);
        if known.is_some_and(|known| known.instance > instance) {
            return Err(GroupError::Fenced);
        }
        let is_replaced = known.is_some_and(|known| known.instance < instance);
        let wants_the_same = known.is_some_and(|known| known.topics == topics);
        let has_the_same = known.is_some_and(|known| known.owned == owned && !known.revokes);
        if is_replaced {
            self.tell(GroupEvent::Removed { member: id.clone(), replaced: true });
        }
        // A static member that is back has what it had, and whoever asks twice is told twice: others have
        // nothing to do.
        let is_told = self.phase == Phase::Stable && wants_the_same;
        if is_told && (is_replaced || has_the_same) {
            self.tell_again(now, id, instance);
            return Ok(());
        }
        let expires = now + self.config.session_timeout;
        let (revokes, joined) = (false, true);
        let member = Member { instance, topics, owned, expires, revokes, joined };
        self.members.insert(id, member);
        self.prepare(now);
        self.finish_if_all(now);
        Ok(())
    }

    /// What somebody has who joins: what it says, if nobody knows better.
    fn owned_by(&self, joining: &Joining) -> BTreeSet<Partition> {
        if self.is_eager() {
            return BTreeSet::new();
        }
        let is_free = |partition: &&Partition| {
            let mut others = self.members.iter().filter(|(id, _)| **id != joining.who.id);
            !others.any(|(_, member)| member.owned.contains(*partition))
        };
        joining.owned.iter().filter(is_free).cloned().collect()
    }

    fn tell_again(&mut self, now: Time, id: MemberId, instance: u64) {
        let Some(member) = self.members.get_mut(&id) else { return };
        (member.instance, member.expires) = (instance, now + self.config.session_timeout);
        let (partitions, revoked) = (member.owned.clone(), BTreeSet::new());
        let generation = self.generation;
        self.tell(GroupEvent::Assigned { member: id, generation, partitions, revoked });
    }

    fn known(&self, who: &Who) -> Result<&Member, GroupError> {
        let known = self.members.get(&who.id).ok_or(GroupError::UnknownMember)?;
        match known.instance == who.instance {
            true => Ok(known),
            false => Err(GroupError::Fenced),
        }
    }

    /// A member is there.
    ///
    /// # Errors
    ///
    /// When it has to join again, as there is a rebalance or as it was taken for dead.
    pub fn heartbeat(
        &mut self,
        now: Time,
        who: &Who,
        generation: Generation,
    ) -> Result<(), GroupError> {
        let has_joined = self.known(who)?.joined;
        // Whoever waits for a rebalance to end may not know any generation.
        if !has_joined && generation != self.generation {
            return Err(GroupError::IllegalGeneration);
        }
        if let Some(member) = self.members.get_mut(&who.id) {
            member.expires = now + self.config.session_timeout;
        }
        match self.phase {
            Phase::Preparing { .. } if !has_joined => Err(GroupError::Rebalancing),
            _ => Ok(()),
        }
    }

    /// Whether what a member says of a partition counts, such as how far it is: only of its own ones, and only in
    /// this generation.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub fn check(
        &self,
        who: &Who,
        generation: Generation,
        partition: &Partition,
    ) -> Result<(), GroupError> {
        let is_own = self.known(who)?.owned.contains(partition);
        let is_current = generation == self.generation;
        if is_own && is_current { Ok(()) } else { Err(GroupError::IllegalGeneration) }
    }

    /// A member goes. A static one that will be back says nothing instead, and has its partitions until its session
    /// is over.
    pub fn leave(&mut self, now: Time, who: &Who) {
        if self.known(who).is_ok() {
            self.members.remove(&who.id);
            self.prepare(now);
            self.finish_if_all(now);
        }
    }

    /// When it has something to do by itself.
    pub fn next_deadline(&self) -> Time {
        let until = match self.phase {
            Phase::Preparing { until, .. } => until,
            Phase::Empty | Phase::Stable => Time::MAX,
        };
        self.members.values().map(|member| member.expires).chain([until]).min().unwrap_or(until)
    }

    /// Does what is due.
    pub fn on_tick(&mut self, now: Time) {
        let silent: Vec<_> = self
            .members
            .iter()
            .filter(|(_, member)| member.expires <= now)
            .map(|(id, _)| id.clone())
            .collect();
        silent.iter().for_each(|id| self.remove(id));
        if !silent.is_empty() {
            self.prepare(now);
            self.finish_if_all(now);
        }
        if let Phase::Preparing { until, .. } = self.phase
            && until <= now
        {
            self.finish(now);
        }
    }

    /// The next that is to be told.
    pub fn poll_event(&mut self) -> Option<GroupEvent> {
        self.events.pop_front()
    }

    /// The current generation, which is to be kept for the next life of the group.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Who has what.
    pub fn assignment(&self) -> Assignment {
        self.members.iter().map(|(id, member)| (id.clone(), member.owned.clone())).collect()
    }

    /// Whether nothing is about to change.
    pub fn is_stable(&self) -> bool {
        let is_rebalancing = matches!(self.phase, Phase::Preparing { .. });
        !is_rebalancing && !self.members.values().any(|member| member.revokes)
    }

    pub(super) fn is_eager(&self) -> bool {
        self.config.assignor != Assignor::CooperativeSticky
    }

    pub(super) fn tell(&mut self, event: GroupEvent) {
        self.events.push_back(event);
    }

    pub(super) fn remove(&mut self, id: &MemberId) {
        if self.members.remove(id).is_some() {
            self.tell(GroupEvent::Removed { member: id.clone(), replaced: false });
        }
    }
}
