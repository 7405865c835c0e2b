//! The parts of a world at run time.

use std::sync::Arc;

use cascadia_runtime::{Runtime, Time};
use cascadia_sim_core::{Event, Local, Sim};

use crate::load::Load;
use crate::measure::{Lanes, Policies, Windows};
use crate::network::Network;
use crate::plan::{Instance, LoadId, Plan};
use crate::service::{Replica, Service};

/// A world: everything that the tasks of a run share.
pub(crate) struct Model {
    pub(crate) sim: Sim,
    pub(crate) plan: Arc<Plan>,
    pub(crate) network: Network,
    pub(crate) services: Vec<Service>,
    pub(crate) loads: Vec<Load>,
    pub(crate) lanes: Local<Lanes>,
    pub(crate) policies: Local<Policies>,
}

impl Model {
    pub(crate) fn new(sim: Sim, plan: Arc<Plan>) -> Arc<Self> {
        let mut first = plan.loads.len() as u32;
        let services = plan.services.iter().zip(0..).map(|(_, index)| {
            let service = Service::new(sim, &plan, index, first);
            first += plan.services[index as usize].replicas;
            service
        });
        let services = services.collect();
        let loads =
            (0..plan.loads.len() as u32).map(|index| Load::new(sim, &plan, index)).collect();
        let windows = Windows::new(plan.warmup, plan.duration);
        let policies = Local::new(Policies::new(windows, &plan.probes));
        Arc::new(Self {
            sim,
            plan,
            network: Network::default(),
            services,
            loads,
            lanes: Local::default(),
            policies,
        })
    }

    pub(crate) fn replica(&self, instance: Instance) -> &Replica {
        &self.services[instance.service.0 as usize].replicas[instance.replica as usize]
    }

    pub(crate) fn load(&self, load: LoadId) -> &Load {
        &self.loads[load.0 as usize]
    }

    pub(crate) fn now(&self) -> Time {
        self.sim.now()
    }

    pub(crate) fn emit(&self, entity: u32, kind: Kind, value: u64) {
        self.sim.emit(Event { entity, kind: kind as u8, value });
    }
}

/// What happened, as the digest sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A request was sent by a source of load; the value is its key.
    Sent = 1,
    /// A request arrived at a replica; the value is the key of the attempt.
    Arrived = 2,
    /// A worker took it up.
    Started = 3,
    /// It was worked off.
    Completed = 4,
    /// It was refused.
    Rejected = 5,
    /// A user's request ended; the value says how.
    Ended = 6,
    /// A breaker or an instance changed its state.
    State = 7,
    /// A fault began or ended.
    Fault = 8,
    /// A call was cancelled, and its target learnt of it.
    Cancelled = 9,
    /// Nobody listened where a request came; the value is the key of the attempt.
    Refused = 10,
}
