use crate::exchange::Status;
use crate::ids::{EndpointId, ServiceId};

/// Requests are answered with an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// The share of them.
    pub rate: f64,
    /// Those that ask one of these; `None` is all.
    pub endpoints: Option<Vec<(ServiceId, EndpointId)>>,
    /// What the error is called; without, it is one that another try may help.
    pub status: Option<Status>,
    /// What has been done by then.
    pub after: After,
}

/// What has been done of a request before it is answered with an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// Nothing: it has come.
    #[default]
    Arrival,
    /// All of its work. An answer is lost that was well meant.
    Work,
}

impl Errors {
    /// On arrival, and of the kind of which nothing more is said.
    pub fn on_arrival(rate: f64) -> Self {
        Self { rate, endpoints: None, status: None, after: After::Arrival }
    }

    /// Whether they meet requests for an endpoint.
    pub(crate) fn meet(&self, service: ServiceId, endpoint: EndpointId) -> bool {
        self.endpoints.as_ref().is_none_or(|met| met.contains(&(service, endpoint)))
    }
}
