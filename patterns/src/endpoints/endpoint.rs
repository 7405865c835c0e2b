use std::sync::Arc;

use crate::call::EndpointKey;

/// What is known of an endpoint by whoever adds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Who it is.
    pub key: EndpointKey,
    /// How much it can take, as a multiple of what one of weight 1 can.
    pub weight: u32,
    /// What else is said of it: its zone, its version.
    pub labels: Arc<[(String, String)]>,
}

impl Endpoint {
    /// An endpoint of weight 1 of which nothing else is said.
    pub fn new(key: EndpointKey) -> Self {
        Self { key, weight: 1, labels: Arc::default() }
    }
}

/// An endpoint as a rule sees it that chooses among several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who it is.
    pub endpoint: EndpointKey,
    /// The calls it has under way.
    pub outstanding: u32,
    /// How much it can take.
    pub weight: u32,
}
