use cascadia_runtime::Time;

use super::Rate;
use super::limiter::{Limiter, nanos};

/// The generic cell rate algorithm: a call may come `tolerance` before its theoretical arrival
/// time, which every call moves on by `interval`. The interval is a whole number of nanoseconds,
/// the one below, as in governor.
#[derive(Debug)]
pub(super) struct Gcra {
    interval: u64,
    tolerance: u64,
    /// The theoretical arrival time of the next call.
    tat: u64,
    /// The last instant that anybody was promised.
    last: Time,
}

impl Gcra {
    pub(super) fn new(rate: Rate, burst: u32) -> Self {
        let interval = (nanos(rate.per) / u64::from(rate.permits)).max(1);
        let tolerance = interval.saturating_mul(u64::from(burst) - 1);
        Self { interval, tolerance, tat: 0, last: Time::ZERO }
    }

    fn weight(&self, permits: u32) -> u64 {
        self.interval.saturating_mul(u64::from(permits))
    }
}

impl Limiter for Gcra {
    fn take(&mut self, now: Time, permits: u32, latest: Time) -> Result<Time, Option<Time>> {
        let beyond_first = self.weight(permits.saturating_sub(1));
        if beyond_first > self.tolerance {
            return Err(None);
        }
        let conforms = self.tat.saturating_add(beyond_first).saturating_sub(self.tolerance);
        let at = Time::from_nanos(conforms).max(now);
        if at > latest {
            return Err(Some(at));
        }
        self.tat = self.tat.max(now.as_nanos()).saturating_add(self.weight(permits));
        self.last = self.last.max(at);
        Ok(at)
    }

    fn give_back(&mut self, now: Time, at: Time, permits: u32) {
        let weight = self.weight(permits);
        let behind = nanos(self.last.since(at));
        self.tat = self.tat.saturating_sub(weight.saturating_sub(behind));
        if behind == 0 {
            self.last = Time::from_nanos(at.as_nanos().saturating_sub(weight)).max(now);
        }
    }
}
