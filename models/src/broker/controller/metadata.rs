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
