use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::Time;

/// How much one direction may hold, as its writer knows it.
///
/// Bytes count from the moment they are written until the writer hears that they were read. The
/// reader tells only what is worth a packet: a segment, or half the window (RFC 9293, 3.8.6.2.2).
pub(in crate::tcp) struct Window {
    /// Bytes that may be written.
    room: usize,
    /// Bytes read of which the writer was not told.
    untold: usize,
    /// Updates under way: when they arrive, and how many bytes they free.
    told: VecDeque<(Time, usize)>,
    /// The least worth telling.
    threshold: usize,
    probe: Option<Probe>,
}

/// When a writer that is stuck asks, in case that an update was lost (RFC 9293, 3.8.6.1).
#[derive(Clone, Copy)]
struct Probe {
    at: Time,
    tries: u32,
}

impl Window {
    pub(super) fn new(size: usize, segment: usize) -> Self {
        let threshold = segment.min(size.div_ceil(2));
        Self { room: size, untold: 0, told: VecDeque::new(), threshold, probe: None }
    }

    /// How many bytes may be written.
    pub(in crate::tcp) fn room(&mut self, now: Time) -> usize {
        while let Some((_, bytes)) = self.told.front().filter(|(at, _)| *at <= now) {
            self.room += bytes;
            self.told.pop_front();
        }
        self.room
    }

    /// Bytes are written.
    pub(super) fn take(&mut self, bytes: usize) {
        self.room -= bytes;
        self.probe = None;
    }

    /// Bytes are read. Returns whether that is worth telling.
    pub(super) fn free(&mut self, bytes: usize) -> bool {
        self.untold += bytes;
        self.untold >= self.threshold
    }

    /// An update is sent that arrives at `arrives`, or is lost.
    pub(in crate::tcp) fn tell(&mut self, arrives: Option<Time>) {
        if let Some(arrives) = arrives {
            let before = self.told.back().map_or(Time::ZERO, |(at, _)| *at);
            self.told.push_back((arrives.max(before), std::mem::take(&mut self.untold)));
        }
    }

    /// When a stuck writer looks again, or asks.
    pub(super) fn due(&self) -> Time {
        let told = self.told.front().map(|(at, _)| *at);
        told.or_else(|| self.probe.map(|probe| probe.at)).unwrap_or(Time::MAX)
    }

    /// The writer is stuck. Unless it hears something, it will ask after `backoff`, which is given
    /// how often it has asked. Returns whether it asks now.
    pub(super) fn stall(&mut self, now: Time, backoff: impl Fn(u32) -> Duration) -> bool {
        let asks = self.probe.is_some_and(|probe| probe.at <= now);
        let tries = self.probe.map_or(0, |probe| probe.tries + u32::from(asks));
        if asks || self.probe.is_none() {
            self.probe = Some(Probe { at: now + backoff(tries), tries });
        }
        asks
    }
}
