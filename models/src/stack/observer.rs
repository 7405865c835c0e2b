use std::sync::Arc;

use cascadia_patterns::endpoints::EndpointKey;
use cascadia_patterns::observe::{BreakerState, Observe, RetryDenied, Signal};
use cascadia_runtime::{Identity, Time};
use cascadia_sim_core::Event;

use crate::measure::{Count, Reporter};
use crate::plan::LayerId;
use crate::world::{EventKind, World};

/// Whether an endpoint may be chosen, as its lane says it.
const CHOSEN: &str = "in_use";
const EJECTED: &str = "ejected";

/// Brings what a layer reports into the measurements.
pub(super) struct Observer {
    world: Arc<World>,
    id: u64,
    name: String,
    reporter: Option<Reporter>,
}

impl Observer {
    /// For the layer `identity`, whose lane is called `name`. All instances of the
    /// layer `measured` are measured together, under its name.
    pub(super) fn new(
        world: &Arc<World>,
        identity: Identity,
        name: String,
        measured: Option<(LayerId, &str)>,
    ) -> Self {
        let [id, _] = identity.words();
        let now = world.now();
        world.lanes.borrow_mut().begin_anew(&name, now);
        let register = |(layer, name): (LayerId, &str)| {
            world.policies.borrow_mut().register(layer, name, identity, now)
        };
        let reporter = measured.map(register);
        Self { world: Arc::clone(world), id, name, reporter }
    }

    /// An endpoint is ejected or restored.
    fn choice(&self, now: Time, endpoint: EndpointKey, from: &'static str, to: &'static str) {
        self.emit(cascadia_runtime::mix(endpoint.number(), u64::from(to == EJECTED)));
        let lane = format!("{}/{endpoint}", self.name);
        self.world.lanes.borrow_mut().change(&lane, from, now, to);
    }

    fn emit(&self, what: u64) {
        self.world.sim.emit(Event {
            entity: u32::MAX,
            kind: EventKind::State as u8,
            value: cascadia_runtime::mix(self.id, what),
        });
    }
}

impl Observe for Observer {
    fn signal(&self, now: Time, signal: &Signal<'_>) {
        if let Some(reporter) = self.reporter {
            self.world.policies.borrow_mut().report(reporter, now, signal);
        }
        match signal {
            Signal::Breaker { from, to } => {
                self.emit(*to as u64);
                let mut lanes = self.world.lanes.borrow_mut();
                lanes.change(&self.name, state_name(*from), now, state_name(*to));
            }
            Signal::Retrying { .. } => self.world.sim.turn(),
            Signal::Ejected { endpoint, .. } => self.choice(now, *endpoint, CHOSEN, EJECTED),
            Signal::Restored { endpoint } => self.choice(now, *endpoint, EJECTED, CHOSEN),
            Signal::RetryDenied { reason: RetryDenied::Budget, trace } => {
                let loads = &self.world.loads;
                // What a component sends on its own is denied to no load.
                if let Some(load) = loads.get((trace.0 >> 64) as usize) {
                    load.borrow_mut().happened(Count::Denied);
                }
            }
            _ => {}
        }
    }
}

fn state_name(state: BreakerState) -> &'static str {
    match state {
        BreakerState::Closed => "closed",
        BreakerState::Open => "open",
        BreakerState::HalfOpen => "half_open",
        BreakerState::ForcedOpen => "forced_open",
        BreakerState::Disabled => "disabled",
        BreakerState::MetricsOnly => "metrics_only",
    }
}
