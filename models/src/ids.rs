//! The names of parts by their positions in a plan.

use cascadia_patterns::endpoints::EndpointKey;

/// Position of a service in [`Plan::services`](crate::plan::Plan::services), or of a group of
/// components after them in [`Plan::components`](crate::plan::Plan::components).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceId(pub u32);

/// Position of an endpoint among those of its service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndpointId(pub u32);

/// Position of a policy stack in [`Plan::stacks`](crate::plan::Plan::stacks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StackId(pub u32);

/// Position of a source of load in [`Plan::loads`](crate::plan::Plan::loads).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadId(pub u32);

/// One replica of a service, or one of a group of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instance {
    /// The service.
    pub service: ServiceId,
    /// The replica, from 0.
    pub replica: u32,
}

impl Instance {
    /// Its name among the endpoints of its service.
    pub(crate) const fn key(self) -> EndpointKey {
        EndpointKey::new(self.replica as u64)
    }
}

/// The identity of a place. No other place of a run ever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub(crate) u32);

/// Something that is followed: which request it is part of, and which part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpanId {
    pub(crate) trace: u32,
    pub(crate) number: u32,
}
