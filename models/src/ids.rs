//! The names of parts by their positions in a plan.

/// Position of a service in [`Plan::services`](crate::plan::Plan::services).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceId(pub u32);

/// Position of an endpoint in [`ServicePlan::endpoints`](crate::plan::ServicePlan::endpoints).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndpointId(pub u32);

/// Position of a policy stack in [`Plan::stacks`](crate::plan::Plan::stacks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StackId(pub u32);

/// Position of a source of load in [`Plan::loads`](crate::plan::Plan::loads).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadId(pub u32);

/// One replica of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instance {
    /// The service.
    pub service: ServiceId,
    /// The replica, from 0.
    pub replica: u32,
}
