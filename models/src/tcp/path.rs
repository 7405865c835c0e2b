use std::time::Duration;

use cascadia_runtime::{Draw, Time};

use super::link::Link;

/// Bytes of a packet besides what it carries: the headers of IP and TCP.
const HEADER: usize = 40;

/// A direction between two hosts at run time.
pub(super) struct Path {
    link: Link,
    cut: bool,
    /// When everything sent so far has left.
    free: Time,
    /// What its draws are made of, with the number of the packet.
    key: u64,
    packets: u64,
}

/// Draws of a packet are told apart by their use, so that loss does not shift latencies.
const LOSS: u64 = 1;
const LATENCY: u64 = 2;

impl Path {
    pub(super) fn new(link: Link, key: u64) -> Self {
        Self { link, cut: false, free: Time::ZERO, key, packets: 0 }
    }

    /// What it is like for packets sent from now on.
    pub(super) fn set(&mut self, link: Link) {
        self.link = link;
    }

    pub(super) fn cut(&mut self, cut: bool) {
        self.cut = cut;
    }

    /// Sends a packet with `payload` bytes: when it arrives, or `None` where it is lost.
    pub(super) fn send(&mut self, now: Time, payload: usize) -> Option<Time> {
        self.packets += 1;
        let mut departs = now;
        if let Some(bandwidth) = self.link.bandwidth {
            departs = self.free.max(now) + transmission(payload + HEADER, bandwidth);
            self.free = departs;
        }
        let draw = |step| Draw::new(self.key, self.packets, step);
        let lost = self.link.loss > 0.0 && draw(LOSS).unit() < self.link.loss;
        if self.cut || lost {
            return None;
        }
        Some(departs + Duration::from_nanos(self.link.latency.sample(&mut draw(LATENCY))))
    }
}

/// How long `bytes` take to leave.
fn transmission(bytes: usize, bandwidth: u64) -> Duration {
    let nanos = (bytes as u128 * 1_000_000_000).div_ceil(u128::from(bandwidth));
    Duration::from_nanos(nanos as u64)
}
