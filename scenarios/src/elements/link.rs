use crate::decode::object;
use crate::laws::Law;
use crate::units::Part;

object! {
    /// What lies between a caller and a service, the same in both directions.
    pub(crate) struct Link {
        /// One-way latency of a message.
        latency: Option<Law> => "none",
        /// Share of messages that are lost.
        loss: Part = 0.0,
    }
}
