use crate::exchange::Request;

/// What is told apart by a layer that treats requests by their key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBy {
    /// Each endpoint.
    Endpoint,
    /// Each source of load.
    Load,
    /// Each priority.
    Priority,
    /// What the request is about.
    Key,
}

/// A layer that treats requests by their key.
#[derive(Clone, Copy, Debug)]
pub struct Keyed<C> {
    /// Its settings.
    pub config: C,
    /// What it tells apart.
    pub by: KeyBy,
}

impl KeyBy {
    /// The key of a request.
    pub(super) fn key(self) -> Box<dyn Fn(&Request) -> u64 + Send + Sync> {
        Box::new(move |request| match self {
            Self::Endpoint => u64::from(request.endpoint.0),
            Self::Load => u64::from(request.origin.number()),
            Self::Priority => u64::from(request.context.baggage.priority),
            Self::Key => u64::from(request.subject()),
        })
    }
}
