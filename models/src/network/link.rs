use super::message::{Message, Purpose};
use crate::plan::Link;

impl Link {
    /// How many nanoseconds a message takes, or `None` where it is lost.
    pub(crate) fn delay(&self, message: &Message) -> Option<u64> {
        let lost = self.loss > 0.0 && message.draw(Purpose::Loss).unit() < self.loss;
        (!lost).then(|| self.latency.sample(&mut message.draw(Purpose::Latency)))
    }
}
