use std::sync::{Arc, Weak};

use cascadia_sim_core::Local;

use super::resident::Resident;
use crate::component::PlaceId;
use crate::ids::{Instance, LoadId, ServiceId};
use crate::plan::{Party, Plan};

/// Who lives where. A source of load has one place, and every replica and every component one.
pub(crate) struct Directory {
    /// The first place of each group; before all come those of the loads.
    first: Vec<u32>,
    /// It keeps nobody alive, as everybody knows it.
    residents: Local<Vec<Weak<Resident>>>,
}

impl Directory {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut next = plan.loads.len() as u32;
        let mut group = |places| {
            let first = next;
            next += places;
            first
        };
        let first = plan.groups().map(|id| group(plan.replicas(id)));
        Self { first: first.collect(), residents: Local::default() }
    }

    /// The place of a party.
    pub(crate) fn place(&self, party: Party) -> PlaceId {
        match party {
            Party::Load(LoadId(load)) => PlaceId(load),
            Party::Host(_) => unreachable!("no plan knows of a host"),
            Party::Instance(Instance { service: ServiceId(group), replica }) => {
                PlaceId(self.first[group as usize] + replica)
            }
        }
    }

    /// The party at a place.
    pub(crate) fn party(&self, PlaceId(place): PlaceId) -> Party {
        let group = self.first.partition_point(|first| *first <= place);
        let Some(group) = group.checked_sub(1) else { return Party::Load(LoadId(place)) };
        let (service, replica) = (ServiceId(group as u32), place - self.first[group]);
        Party::Instance(Instance { service, replica })
    }

    /// Somebody moves into the next place, in the order of the plan.
    pub(crate) fn enter(&self, who: &Arc<Resident>) {
        self.residents.borrow_mut().push(Arc::downgrade(who));
    }

    /// Who lives at a place.
    pub(crate) fn find(&self, at: Instance) -> Arc<Resident> {
        let PlaceId(place) = self.place(Party::Instance(at));
        let index = (place - self.first[0]) as usize;
        let resident = self.residents.borrow_mut()[index].upgrade();
        resident.expect("who is called lives as long as the run")
    }
}
