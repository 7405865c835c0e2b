use std::sync::Arc;

use super::{EndpointPlan, ServiceId};
use crate::component::Build;
use crate::disk::DiskPlan;

/// A group of alike components.
#[derive(Clone, Debug)]
pub struct ComponentPlan {
    /// Its name.
    pub name: String,
    /// How many there are, at least 1.
    pub places: u32,
    /// What they can be asked, which is one thing.
    pub endpoints: Vec<EndpointPlan>,
    /// The service whose machines they are on: one beside each replica, with which it dies, and whose clock it has.
    pub beside: Option<ServiceId>,
    /// The disk of each, where they keep anything.
    pub disk: DiskPlan,
    /// Who builds them.
    pub build: Arc<dyn Build>,
}

impl ComponentPlan {
    /// So many components of a kind.
    pub fn new(name: String, places: u32, build: Arc<dyn Build>) -> Self {
        let safe = build.is_safe();
        let endpoint =
            EndpointPlan { name: "ask".to_owned(), safe, once: false, script: Vec::new() };
        let (endpoints, disk) = (vec![endpoint], DiskPlan::default());
        Self { name, places, endpoints, beside: None, disk, build }
    }
}
