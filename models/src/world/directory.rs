use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use cascadia_sim_core::Local;

use super::resident::Resident;
use crate::component::{Change, Member, PlaceId, Watcher};
use crate::ids::{Instance, LoadId, ServiceId};
use crate::plan::{Party, Plan, StorePlan};

/// The places of clients are numbered from here on, those of replicas and components below it.
const CLIENTS: u32 = 1 << 31;

/// Who lives where: each client of a load, each replica and each component. Groups grow and shrink;
/// no place and no number in a group is given away twice.
pub(crate) struct Directory {
    /// For each load, how many clients those before it have.
    clients: Vec<u32>,
    settled: Local<Settled>,
    watchers: Local<Vec<(ServiceId, Weak<Watcher>)>>,
    /// Who leads, of those groups of which only one may be called.
    leaders: Local<BTreeMap<ServiceId, u32>>,
}

/// Everybody who has ever moved in. It keeps nobody alive, as everybody knows it.
struct Settled {
    /// In the order of their places.
    residents: Vec<(Instance, Weak<Resident>)>,
    /// The residents of each group by their positions, in the order of their numbers.
    groups: Vec<Vec<u32>>,
}

impl Directory {
    pub(super) fn new(plan: &Plan) -> Self {
        let before = |sum: &mut u32, clients| Some(std::mem::replace(sum, *sum + clients));
        let clients = plan.loads.iter().map(|load| load.clients()).scan(0, before).collect();
        let settled =
            Settled { residents: Vec::new(), groups: vec![Vec::new(); plan.groups().len()] };
        let led = (0..).map(ServiceId).zip(&plan.services);
        let led = led.filter(|(_, service)| service.store.as_ref().is_some_and(StorePlan::is_led));
        let leaders = Local::new(led.map(|(id, _)| (id, 0)).collect());
        Self { clients, settled: Local::new(settled), watchers: Local::default(), leaders }
    }

    /// The place of a client of a load.
    #[inline]
    pub(crate) fn client(&self, LoadId(load): LoadId, client: u32) -> PlaceId {
        PlaceId(CLIENTS + self.clients[load as usize] + client)
    }

    /// The load whose client is at a place, and which of them it is.
    pub(crate) fn client_at(&self, PlaceId(place): PlaceId) -> Option<(LoadId, u32)> {
        let number = place.checked_sub(CLIENTS)?;
        let load = self.clients.partition_point(|before| *before <= number) - 1;
        Some((LoadId(load as u32), number - self.clients[load]))
    }

    /// The party at a place.
    pub(crate) fn party(&self, at: PlaceId) -> Party {
        match self.client_at(at) {
            Some((load, _)) => Party::Load(load),
            None => Party::Instance(self.settled.borrow_mut().residents[self.position(at)].0),
        }
    }

    /// Who moves into a group next.
    pub(crate) fn next(&self, service: ServiceId) -> Member {
        let Settled { residents, groups } = &*self.settled.borrow_mut();
        let replica = groups[service.0 as usize].len() as u32;
        let place = self.place(residents.len() as u32);
        Member { instance: Instance { service, replica }, place }
    }

    /// It moves in.
    pub(crate) fn enter(&self, Member { instance, .. }: Member, who: &Arc<Resident>) {
        let Settled { residents, groups } = &mut *self.settled.borrow_mut();
        groups[instance.service.0 as usize].push(residents.len() as u32);
        residents.push((instance, Arc::downgrade(who)));
    }

    /// Everybody who has ever been of a group, in order.
    pub(crate) fn residents(&self, ServiceId(group): ServiceId) -> Vec<Arc<Resident>> {
        let Settled { residents, groups } = &*self.settled.borrow_mut();
        let at = |position: &u32| known(&residents[*position as usize].1);
        groups[group as usize].iter().map(at).collect()
    }

    /// Those of a group who may be called, in order.
    pub(crate) fn members(&self, service: ServiceId) -> Vec<Member> {
        let residents = (0..).zip(self.residents(service));
        let leader = self.leaders.borrow_mut().get(&service).copied();
        let member = |(replica, who): (u32, Arc<Resident>)| {
            let instance = Instance { service, replica };
            let is_called = who.is_member() && leader.is_none_or(|leader| leader == replica);
            is_called.then(|| Member { instance, place: who.place.id })
        };
        residents.filter_map(member).collect()
    }

    /// Whether only who leads a group may be called.
    pub(crate) fn is_led(&self, service: ServiceId) -> bool {
        self.leaders.borrow_mut().contains_key(&service)
    }

    /// Another leads a group, and is called from now on.
    pub(crate) fn lead(&self, leader: Instance) {
        let Instance { service, replica } = leader;
        let before = self.leaders.borrow_mut().insert(service, replica);
        let Some(before) = before.filter(|before| *before != replica) else { return };
        let before = Instance { service, replica: before };
        let member = |instance| Member { instance, place: self.find(instance).place.id };
        self.announce(service, Change::Left(member(before)));
        self.announce(service, Change::Joined(member(leader)));
    }

    /// Who lives, or has lived, as one of a group.
    pub(crate) fn find(&self, Instance { service, replica }: Instance) -> Arc<Resident> {
        let Settled { residents, groups } = &*self.settled.borrow_mut();
        let position = groups[service.0 as usize][replica as usize];
        known(&residents[position as usize].1)
    }

    /// Who lives, or has lived, at a place that is no client's.
    pub(crate) fn resident(&self, at: PlaceId) -> Arc<Resident> {
        known(&self.settled.borrow_mut().residents[self.position(at)].1)
    }

    /// Tells `watcher` of every change of a group, for as long as it is kept.
    pub(crate) fn watch(&self, service: ServiceId, watcher: Weak<Watcher>) {
        self.watchers.borrow_mut().push((service, watcher));
    }

    /// A group has changed.
    pub(crate) fn announce(&self, service: ServiceId, change: Change) {
        let watchers = {
            let watchers = &mut *self.watchers.borrow_mut();
            watchers.retain(|(_, watcher)| watcher.strong_count() > 0);
            watchers.clone()
        };
        let watching = watchers.iter().filter(|(watched, _)| *watched == service);
        let watching = watching.filter_map(|(_, watcher)| watcher.upgrade());
        watching.for_each(|watcher| watcher(change));
    }

    /// The loads have the numbers before those of replicas: in digests they are told apart by them.
    fn place(&self, position: u32) -> PlaceId {
        PlaceId(self.clients.len() as u32 + position)
    }

    fn position(&self, PlaceId(place): PlaceId) -> usize {
        place as usize - self.clients.len()
    }
}

fn known(resident: &Weak<Resident>) -> Arc<Resident> {
    resident.upgrade().expect("who has moved in is kept to the end of the run")
}
