//! Services: replicas that queue and work.

mod arrival;
mod component;
mod desk;
mod job;
mod leading;
mod life;
mod mail;
mod queue;
mod refusals;
mod remains;
mod replica;
mod settings;
mod workers;

use std::sync::Arc;

use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use self::replica::Replica;
use self::settings::Settings;
use crate::component::{Component, Invariant, Place};
use crate::measure::ServiceMeter;
use crate::plan::{DiskPlan, ServiceId, Subject, Workers};
use crate::world::World;

/// A service at run time.
pub(crate) struct Service {
    pub(crate) meter: Arc<Local<ServiceMeter>>,
    settings: Arc<Settings>,
}

impl Service {
    /// The service `id`.
    pub(crate) fn new(world: &World, id: ServiceId) -> Self {
        let plan = &world.plan;
        let service = &plan.services[id.0 as usize];
        let workers = match service.workers {
            Workers::Limited(workers) => workers,
            Workers::Unlimited => 0,
        };
        let probes = plan.probes.iter().filter(|probe| probe.subject == Subject::Service(id));
        let meter = ServiceMeter::new(plan.warmup, plan.duration, workers).looking(probes);
        let meter = Arc::new(Local::new(meter));
        let settings = Arc::new(Settings::new(world, id));
        Self { meter, settings }
    }

    /// The disk of each replica, if it keeps something there.
    pub(crate) fn disk(&self) -> Option<&DiskPlan> {
        self.settings.elected().map(|elected| &elected.disk)
    }

    /// The laws of its log, if it keeps one.
    pub(crate) fn laws(&self, name: &str, end: Time) -> Vec<Invariant> {
        let elected = self.settings.elected();
        let laws = elected.map(|_| {
            let stale = self.meter.borrow_mut().between(Time::ZERO, end).store.stale;
            self.settings.ledger.laws(name, stale)
        });
        laws.unwrap_or_default()
    }

    /// Replica `number` of it, which is the next.
    pub(crate) fn build(
        &self,
        world: &Arc<World>,
        place: &Arc<Place>,
        number: u32,
    ) -> Arc<dyn Component> {
        self.meter.borrow_mut().enter();
        let parts = (Arc::clone(&self.settings), Arc::clone(&self.meter));
        Arc::new(Replica::new(world, place, number, parts))
    }
}
