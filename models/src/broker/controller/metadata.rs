use std::collections::BTreeMap;

use super::command::Command;
use super::partition::Partition;
use crate::broker::settings::BrokerPlan;
use crate::broker::view::View;

/// What the commands of the controller's log make of a broker.
#[derive(Clone, Debug)]
pub(in crate::broker) struct Metadata {
    /// The last entry that was applied.
    pub(in crate::broker) version: u64,
    places: Vec<Registered>,
    /// Who keeps groups together instead of each place, and since which entry.
    coordinators: Vec<(usize, u64)>,
    pub(in crate::broker) partitions: BTreeMap<(usize, u32), Partition>,
    unclean: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Registered {
    life: u64,
    lives: bool,
}

impl Metadata {
    /// At the beginning of a run.
    pub(in crate::broker) fn new(plan: &BrokerPlan, places: usize) -> Self {
        let registered = Registered { life: 0, lives: true };
        let coordinators = (0..places).map(|place| (place, 0)).collect();
        let partitions = plan.replicated().map(|of| {
            let replicas = plan.replicas(of, places).collect();
            (of, Partition::new(replicas))
        });
        let (partitions, unclean) = (partitions.collect(), plan.unclean_election);
        Self { version: 0, places: vec![registered; places], coordinators, partitions, unclean }
    }

    /// The life in which a place is registered.
    pub(in crate::broker) fn life(&self, place: usize) -> u64 {
        self.places[place].life
    }

    pub(in crate::broker) fn lives(&self, place: usize) -> bool {
        self.places[place].lives
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// Who keeps those groups together that a place would if it lived, and since which entry.
    pub(in crate::broker) fn coordinator(&self, place: usize) -> (usize, u64) {
        self.coordinators[place]
    }

    /// What clients are told.
    pub(in crate::broker) fn view(&self) -> View {
        let leaders = self.partitions.iter().map(|(of, partition)| (*of, partition.leader));
        View {
            version: self.version,
            leaders: leaders.collect(),
            coordinators: self.coordinators.iter().map(|(place, _)| *place).collect(),
        }
    }

    /// Does what an entry says.
    pub(super) fn apply(&mut self, index: u64, command: Option<&Command>) {
        self.version = index;
        match command {
            Some(Command::Register { place, life }) => {
                let Registered { life: before, lives, .. } = self.places[*place];
                if *life < before || *life == before && lives {
                    return;
                }
                self.partitions.values_mut().for_each(|partition| partition.lose(*place));
                self.places[*place] = Registered { life: *life, lives: true };
                self.coordinate(index, *place);
            }
            Some(Command::Fence { place, life }) if self.places[*place].life == *life => {
                self.partitions.values_mut().for_each(|partition| partition.lose(*place));
                self.places[*place].lives = false;
                self.coordinate(index, *place);
            }
            Some(Command::Alter { of, epoch, version, in_sync }) => {
                self.alter(*of, (*epoch, *version), in_sync);
            }
            Some(Command::Fence { .. }) | None => {}
        }
        let places = &self.places;
        for partition in self.partitions.values_mut() {
            partition.elect(|place| places[place].lives, self.unclean);
        }
    }

    /// Groups are kept together by who lives, and anew where a place has gone or come.
    fn coordinate(&mut self, index: u64, changed: usize) {
        let count = self.places.len();
        for place in 0..count {
            let mut next = (0..count).map(|step| (place + step) % count);
            let lives = next.find(|at| self.places[*at].lives).unwrap_or(place);
            if self.coordinators[place].0 != lives || lives == changed {
                self.coordinators[place] = (lives, index);
            }
        }
    }

    fn alter(&mut self, of: (usize, u32), at: (u64, u64), in_sync: &[(usize, u64)]) {
        let Some(partition) = self.partitions.get_mut(&of) else { return };
        let may = |(place, life): &(usize, u64)| {
            let Registered { life: registered, lives, .. } = self.places[*place];
            partition.in_sync.contains(place) || lives && *life == registered
        };
        if (partition.epoch, partition.version) == at && in_sync.iter().all(may) {
            partition.in_sync = in_sync.iter().map(|(place, _)| *place).collect();
            partition.version += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::broker::settings::{Flush, TopicPlan};

    fn metadata(unclean_election: bool) -> Metadata {
        let topic = TopicPlan { replicas: 3, ..TopicPlan::default() };
        let plan = Arc::new(BrokerPlan {
            name: "bus".to_owned(),
            topics: vec![topic],
            flush: Flush::Always,
            replica_lag: std::time::Duration::from_secs(30),
            unclean_election,
            trusts_disks: true,
        });
        Metadata::new(&plan, 3)
    }

    fn after(metadata: &mut Metadata, commands: &[Command]) -> (Option<usize>, u64, Vec<usize>) {
        for command in commands {
            metadata.apply(metadata.version + 1, Some(command));
        }
        let partition = &metadata.partitions[&(0, 0)];
        (partition.leader, partition.epoch, partition.in_sync.iter().copied().collect())
    }

    #[test]
    fn who_is_in_sync_leads_next_and_nobody_where_none_is_left() {
        let fence = |place| Command::Fence { place, life: 0 };
        let mut clean = metadata(false);
        assert_eq!(after(&mut clean, &[]), (Some(0), 1, vec![0, 1, 2]));
        let alter =
            |epoch, version, in_sync| Command::Alter { of: (0, 0), epoch, version, in_sync };
        let shrink = alter(1, 0, vec![(0, 0), (2, 0)]);
        assert_eq!(after(&mut clean, std::slice::from_ref(&shrink)), (Some(0), 1, vec![0, 2]));
        assert_eq!(after(&mut clean, &[shrink]), (Some(0), 1, vec![0, 2]), "once");
        assert_eq!(after(&mut clean, &[fence(0)]), (Some(2), 3, vec![2]));
        let mut unclean = clean.clone();
        unclean.unclean = true;
        assert_eq!(after(&mut clean, &[fence(2)]), (None, 4, vec![2]));
        assert_eq!(after(&mut unclean, &[fence(2)]), (Some(1), 5, vec![1]));
        let back = Command::Register { place: 2, life: 1 };
        assert_eq!(after(&mut clean, &[back]), (Some(2), 5, vec![2]));
        let version = clean.partitions[&(0, 0)].version;
        let early = alter(5, version, vec![(2, 1), (0, 0)]);
        assert_eq!(after(&mut clean, &[early]), (Some(2), 5, vec![2]), "a dead one is not in sync");
    }

    #[test]
    fn a_place_that_was_started_anew_leads_only_in_a_new_epoch() {
        let mut metadata = metadata(false);
        let anew = Command::Register { place: 0, life: 1 };
        assert_eq!(after(&mut metadata, &[anew]), (Some(1), 3, vec![1, 2]));
        let late = Command::Fence { place: 0, life: 0 };
        after(&mut metadata, &[late]);
        assert!(metadata.lives(0), "it was of another life");
    }

    #[test]
    fn groups_are_kept_together_by_the_next_that_lives() {
        let mut metadata = metadata(false);
        after(&mut metadata, &[Command::Fence { place: 1, life: 0 }]);
        assert_eq!([0, 1, 2].map(|at| metadata.coordinator(at)), [(0, 0), (2, 1), (2, 0)]);
        after(&mut metadata, &[Command::Register { place: 1, life: 1 }]);
        assert_eq!([0, 1, 2].map(|at| metadata.coordinator(at)), [(0, 0), (1, 2), (2, 0)]);
    }
}
