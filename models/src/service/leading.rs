//! Replicas of a store of which one leads.

use std::sync::Arc;

use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::replica::Replica;
use crate::ids::{PlaceId, ServiceId};
use crate::measure::ServiceMeter;
use crate::plan::Instance;
use crate::store::{Keeper, Told};
use crate::world::{EventKind, World};

impl Replica {
    /// A life begins: it may be the one that others have waited for.
    pub(super) fn stands_by(&self) {
        if let Some(store) = Store::of(self) {
            store.keeper.boots(self.number);
            store.take_over();
        }
    }

    /// A life ends. If it led, another will, unless it comes back before.
    pub(super) fn stands_down(&self, now: Time) {
        if let Some(store) = Store::of(self)
            && let Some(due) = store.keeper.dies(now, self.number)
        {
            self.world.sim.at(due, move || store.take_over());
        }
    }
}

/// A store, as one of its replicas sees it.
struct Store {
    id: ServiceId,
    keeper: Arc<Keeper>,
    meter: Arc<Local<ServiceMeter>>,
    world: Arc<World>,
    place: PlaceId,
}

impl Store {
    fn of(replica: &Replica) -> Option<Self> {
        Some(Self {
            id: replica.settings.id,
            keeper: Arc::clone(replica.settings.keeper.as_ref()?),
            meter: Arc::clone(&replica.meter),
            world: Arc::clone(&replica.world),
            place: replica.place.id(),
        })
    }

    /// Another leads from now on, if it is time. Whoever calls the store is told.
    fn take_over(&self) {
        let Self { id, keeper, meter, world, place } = self;
        let Some((leader, lost)) = keeper.take_over(world.now()) else { return };
        world.emit(place.0, EventKind::Leader, leader.into());
        meter.borrow_mut().told(Told::Lost(lost));
        world.directory.lead(Instance { service: *id, replica: leader });
    }
}
