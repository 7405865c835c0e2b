use super::{Endpoint, EndpointKey, EndpointSet, Way};

/// What discovery says of an endpoint.
#[derive(Clone, Debug)]
pub enum SetChange<W> {
    /// It is there from now on.
    Join {
        /// What is known of it.
        endpoint: Endpoint,
        /// How it is reached.
        way: W,
    },
    /// It gets no new calls, and stays known until it leaves.
    Drain(EndpointKey),
    /// It gets no new calls, and is forgotten with the end of those that it has.
    Leave(EndpointKey),
    /// It can take more or less than before.
    Weigh {
        /// Which it is.
        endpoint: EndpointKey,
        /// How much it can take, as a multiple of what one of weight 1 can.
        weight: u32,
    },
}

impl<W: Way> EndpointSet<W> {
    /// Takes note of a change. Returns whether it makes any difference: nobody joins twice,
    /// nor while it drains, and who is unknown cannot leave. Who comes back has the calls that are
    /// still under way from before.
    pub fn change(&mut self, change: SetChange<W>) -> bool {
        match change {
            SetChange::Join { endpoint, way } => self.join(&endpoint, way),
            SetChange::Drain(endpoint) => self.drain(endpoint),
            SetChange::Leave(endpoint) => self.leave(endpoint),
            SetChange::Weigh { endpoint, weight } => self.weigh(endpoint, weight),
        }
    }
}
