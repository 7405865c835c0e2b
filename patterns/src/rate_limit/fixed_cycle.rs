use std::time::Duration;

use cascadia_runtime::Time;

use super::limiter::{Limiter, nanos};

/// So many permits in each cycle; cycles lie end to end from the beginning of time on.
#[derive(Debug)]
pub(super) struct FixedCycle {
    limit: u64,
    width: u64,
    /// The number of this cycle.
    number: u64,
    /// When it ends.
    end: Time,
    /// Used in it.
    used: u64,
    /// The furthest cycle in which permits are reserved, and how many.
    ahead: (u64, u64),
}

impl FixedCycle {
    pub(super) fn new(limit: u32, window: Duration) -> Self {
        let (limit, width) = (u64::from(limit), nanos(window));
        let end = Time::from_nanos(width);
        Self { limit, width, number: 0, end, used: 0, ahead: (0, 0) }
    }

    fn start_of(&self, cycle: u64) -> Time {
        Time::from_nanos(cycle.saturating_mul(self.width))
    }

    fn turn(&mut self, now: Time) {
        if now < self.end {
            return;
        }
        self.number = now.as_nanos() / self.width;
        self.end = self.start_of(self.number + 1);
        let (furthest, reserved) = self.ahead;
        self.used = match self.number.cmp(&furthest) {
            // Those who wait for this cycle and for later ones have it to themselves.
            std::cmp::Ordering::Less => self.limit,
            std::cmp::Ordering::Equal => reserved,
            std::cmp::Ordering::Greater => 0,
        };
    }
}

impl Limiter for FixedCycle {
    fn take(&mut self, now: Time, permits: u32, latest: Time) -> Result<Time, Option<Time>> {
        self.turn(now);
        let permits = u64::from(permits);
        if permits > self.limit {
            return Err(None);
        }
        if self.used + permits <= self.limit {
            self.used += permits;
            return Ok(now);
        }
        let (mut cycle, mut reserved) = self.ahead;
        if cycle <= self.number {
            (cycle, reserved) = (self.number + 1, 0);
        }
        if reserved + permits > self.limit {
            (cycle, reserved) = (cycle + 1, 0);
        }
        let at = self.start_of(cycle);
        if at > latest {
            return Err(Some(at));
        }
        self.ahead = (cycle, reserved + permits);
        Ok(at)
    }

    fn give_back(&mut self, now: Time, at: Time, permits: u32) {
        self.turn(now);
        let (cycle, permits) = (at.as_nanos() / self.width, u64::from(permits));
        if cycle == self.ahead.0 {
            self.ahead.1 -= permits;
        }
        if cycle == self.number {
            self.used -= permits;
        }
    }
}
