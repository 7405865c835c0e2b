use std::time::Duration;

use crate::laws::Law;

/// What lies on the way from one host to another, in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// One-way latency of a packet.
    pub latency: Law,
    /// Share of packets that are lost, from 0 to 1.
    pub loss: f64,
    /// Bytes per second. Packets leave one after the other, and those that wait form a queue
    /// without a bound. `None` is no limit.
    pub bandwidth: Option<u64>,
}

impl Link {
    /// A link on which every packet takes `latency` and none is lost.
    pub fn new(latency: Duration) -> Self {
        Self { latency: Law::Constant(latency.as_nanos() as f64), loss: 0.0, bandwidth: None }
    }

    /// # Panics
    ///
    /// When the loss is no share or the bandwidth is zero.
    pub(super) fn assert_checked(&self) {
        assert!((0.0..=1.0).contains(&self.loss), "a loss is a share from 0 to 1");
        assert!(self.bandwidth != Some(0), "a link without bandwidth is a cut");
    }
}
