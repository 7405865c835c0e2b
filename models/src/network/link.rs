use std::time::Duration;

use super::message::Message;
use crate::laws::Law;

/// What lies on the way from one to another. Of a [`Plan`](crate::plan::Plan) it is that of calls, and
/// the same in both directions.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// One-way latency of a message or a packet.
    pub latency: Law,
    /// Share of them that are lost without a trace, from 0 to 1.
    pub loss: f64,
    /// Bytes per second. Packets leave one after the other, and those that wait form a queue
    /// without a bound. `None` is no limit. A modelled message has no size.
    pub bandwidth: Option<u64>,
}

impl Link {
    /// A link on which everything takes `latency` and nothing is lost.
    pub fn new(latency: Duration) -> Self {
        Self { latency: Law::Constant(latency.as_nanos() as f64), loss: 0.0, bandwidth: None }
    }

    /// # Panics
    ///
    /// When the loss is no share or the bandwidth is zero.
    pub(crate) fn assert_checked(&self) {
        assert!((0.0..=1.0).contains(&self.loss), "a loss is a share from 0 to 1");
        assert!(self.bandwidth != Some(0), "a link without bandwidth is a cut");
    }

    /// How many nanoseconds a message takes, or `None` where it is lost.
    pub(super) fn delay(&self, message: &Message) -> Option<u64> {
        let lost = self.loss > 0.0 && message.loss().unit() < self.loss;
        (!lost).then(|| self.latency.sample(&mut message.latency()))
    }
}
