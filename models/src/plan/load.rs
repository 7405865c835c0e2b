use cascadia_runtime::Time;

use super::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
pub use crate::load::Keys;

/// A source of load.
#[derive(Clone, Debug)]
pub struct LoadPlan {
    /// Its name.
    pub name: String,
    /// The service that it calls.
    pub service: ServiceId,
    /// What it asks.
    pub endpoint: EndpointId,
    /// The stack that its calls pass.
    pub policy: Option<StackId>,
    /// How important its requests are; 0 is the most important.
    pub priority: u8,
    /// When requests come.
    pub arrivals: Arrivals,
    /// Clients that send them, at least 1, each with a stack of its own. A request of an open
    /// load belongs to one of them, drawn uniformly, so each sends at its share of the rate; the
    /// clients of a closed load take the stacks in turn.
    pub population: u32,
    /// What its requests are about, if anything is known of that.
    pub keys: Option<Keys>,
    /// When it begins.
    pub from: Time,
    /// When it stops sending.
    pub until: Time,
}

impl LoadPlan {
    /// How many clients it has. Each has a place of its own.
    pub fn clients(&self) -> u32 {
        match self.arrivals {
            Arrivals::Closed { clients, .. } => clients,
            Arrivals::Poisson(_) | Arrivals::Constant(_) => self.population,
        }
    }
}

/// When requests come.
#[derive(Clone, Debug)]
pub enum Arrivals {
    /// Open loop: a Poisson process with this many requests a second.
    Poisson(f64),
    /// Open loop: evenly spaced, this many a second.
    Constant(f64),
    /// Closed loop: each client waits for its answer, thinks, and asks again.
    Closed {
        /// How many clients there are.
        clients: u32,
        /// How long a client thinks.
        think: Law,
    },
}
