//! What is to be simulated, resolved: every name an index, every quantity in base units.
//!
//! The scenario language resolves a file into a [`Plan`]; [`run`](crate::run::simulate) simulates it.
//! A plan is trusted: indices are in range and numbers are finite.

mod component;
mod fault;
mod identity;
mod load;
mod messaging;
mod policy;
mod probe;
mod service;

use cascadia_runtime::Time;

pub use self::component::ComponentPlan;
pub use self::fault::{After, Effect, Errors, FaultPlan, Hit, HitBy, Pick, Scale, Skew, Target};
pub use self::load::{Arrivals, Keys, LoadPlan};
pub use self::messaging::{BranchPlan, ConsumePlan, MemberPlan, SessionPlan};
pub use self::policy::{LayerId, StackPlan};
pub use self::probe::{Depth, Probe, Subject};
pub use self::service::{EndpointPlan, OnCancel, QueuePlan, ServicePlan, Workers};
pub use crate::disk::{DiskPlan, Trouble};
pub use crate::exchange::Status;
pub use crate::ids::{EndpointId, Instance, LoadId, ServiceId, StackId};
pub use crate::layers::{
    ConnectionPlan, Copies, FallbackPlan, FallbackStep, IdempotencyPlan, KeptAt, KeyBy, KeyOf,
    Keyed, LayerKind, LayerPlan, Place, Repeats, Scope,
};
pub use crate::ledgers::{LedgerId, LedgerPlan};
pub use crate::network::{Fate, Link, Links, MetBy, Party, Passage, Side, Source};
pub use crate::published::{IdOf, PublishPlan};
pub use crate::script::{By, Sent, Step, Times, Visit, Way};
pub use crate::spoils::{Spoil, Spoils};
pub use crate::store::{Access, Act, Asked, ElectedPlan, Inside, Keeping, Role, RowOf, StorePlan};

/// A whole world and what happens in it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What every stream of the run comes of.
    pub seed: u64,
    /// When the run ends.
    pub duration: Time,
    /// Requests sent before this are simulated and not counted.
    pub warmup: Time,
    /// Services, sorted by name.
    pub services: Vec<ServicePlan>,
    /// Quantities that are conserved, sorted by name.
    pub ledgers: Vec<LedgerPlan>,
    /// Groups of other components, sorted by name. Their ids go on after those of the services.
    pub components: Vec<ComponentPlan>,
    /// Policy stacks, sorted by name.
    pub stacks: Vec<StackPlan>,
    /// What lies between callers and services.
    pub links: Links,
    /// Sources of load, sorted by name.
    pub loads: Vec<LoadPlan>,
    /// Faults, in the order of the file.
    pub faults: Vec<FaultPlan>,
    /// Windows that checks look at, measured exactly.
    pub probes: Vec<Probe>,
    /// Defects that are planted.
    pub spoils: Spoils,
}

impl Plan {
    /// An endpoint by its position.
    pub fn endpoint(&self, service: ServiceId, endpoint: EndpointId) -> &EndpointPlan {
        &self.endpoints(service)[endpoint.0 as usize]
    }

    /// What a service or a component can be asked.
    pub fn endpoints(&self, id: ServiceId) -> &[EndpointPlan] {
        match self.component(id) {
            Some(component) => &component.endpoints,
            None => &self.services[id.0 as usize].endpoints,
        }
    }

    /// Every service and every group of components.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = ServiceId> + use<> {
        (0..(self.services.len() + self.components.len()) as u32).map(ServiceId)
    }

    /// A group of components, unless it is a service.
    pub fn component(&self, id: ServiceId) -> Option<&ComponentPlan> {
        let index = (id.0 as usize).checked_sub(self.services.len())?;
        self.components.get(index)
    }

    /// The groups of components that are on the machines of a service.
    pub fn guests(&self, host: ServiceId) -> impl Iterator<Item = ServiceId> {
        let ids = (self.services.len() as u32..).map(ServiceId).zip(&self.components);
        ids.filter(move |(_, group)| group.beside == Some(host)).map(|(id, _)| id)
    }

    /// The group of components of a name.
    pub(crate) fn group(&self, name: &str) -> Option<ServiceId> {
        let index = self.components.iter().position(|component| component.name == name)?;
        u32::try_from(self.services.len() + index).ok().map(ServiceId)
    }

    /// The name of a service or a group of components.
    pub fn name(&self, id: ServiceId) -> &str {
        match self.component(id) {
            Some(component) => &component.name,
            None => &self.services[id.0 as usize].name,
        }
    }

    /// How many replicas a service has, or places a group of components.
    pub fn replicas(&self, id: ServiceId) -> u32 {
        match self.component(id) {
            Some(component) => component.places,
            None => self.services[id.0 as usize].replicas,
        }
    }

    /// When the first fault begins, if there is one.
    pub fn first_fault(&self) -> Option<Time> {
        self.faults.iter().map(|fault| fault.start).min()
    }

    /// The faults that give a service or a group of components another number of members.
    pub fn scales(&self, id: ServiceId) -> impl Iterator<Item = &Scale> {
        let scales = self.faults.iter().filter_map(|fault| match &fault.effect {
            Effect::Members(scale) => Some(scale),
            _ => None,
        });
        scales.filter(move |scale| scale.group == id)
    }

    /// How many replicas a service, or places a group of components, has at most at a time.
    pub fn most_replicas(&self, id: ServiceId) -> u32 {
        self.scales(id).fold(self.replicas(id), |most, scale| most.max(scale.to))
    }

    /// The layers of a stack, outermost first.
    pub fn layers(&self, stack: Option<StackId>) -> &[LayerPlan] {
        stack.map_or(&[], |stack| &self.stacks[stack.0 as usize].layers)
    }

    /// The stores that the layers of a stack ask by themselves, and where.
    pub fn asked(&self, stack: Option<StackId>) -> impl Iterator<Item = (ServiceId, EndpointId)> {
        self.layers(stack).iter().filter_map(|layer| layer.asks())
    }

    /// What calls through a stack may turn to instead: targets and the stacks of the way there.
    pub fn fallbacks(
        &self,
        stack: Option<StackId>,
    ) -> impl Iterator<Item = (ServiceId, EndpointId, Option<StackId>)> {
        let steps = self.layers(stack).iter().flat_map(|layer| layer.fallbacks());
        steps.filter_map(|step| match *step {
            FallbackStep::Call { service, endpoint, policy, .. } => {
                Some((service, endpoint, policy))
            }
            FallbackStep::Default => None,
        })
    }
}
