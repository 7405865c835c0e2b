use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use cascadia_runtime::Time;

use super::limiter::Limiter;

/// Remembers when each permit was used, for as long as a window. Exact, and `limit` instants
/// large.
pub(super) struct SlidingLog {
    limit: usize,
    window: Duration,
    /// When each permit is used, in order; some of it lies ahead.
    used: VecDeque<Time>,
}

impl fmt::Debug for SlidingLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlidingLog")
            .field("limit", &self.limit)
            .field("window", &self.window)
            .field("used", &self.used.len())
            .finish()
    }
}

impl SlidingLog {
    pub(super) fn new(limit: u32, window: Duration) -> Self {
        Self { limit: limit as usize, window, used: VecDeque::new() }
    }

    fn forget(&mut self, now: Time) {
        while self.used.front().is_some_and(|used| *used + self.window <= now) {
            self.used.pop_front();
        }
    }
}

impl Limiter for SlidingLog {
    fn take(&mut self, now: Time, permits: u32, latest: Time) -> Result<Time, Option<Time>> {
        self.forget(now);
        let permits = permits as usize;
        if permits > self.limit {
            return Err(None);
        }
        let too_many = (self.used.len() + permits).saturating_sub(self.limit);
        let at = match too_many.checked_sub(1) {
            None => now,
            Some(leaves) => self.used[leaves] + self.window,
        };
        if at > latest {
            return Err(Some(at));
        }
        let place = self.used.partition_point(|used| *used <= at);
        (0..permits).for_each(|_| self.used.insert(place, at));
        Ok(at)
    }

    fn give_back(&mut self, now: Time, at: Time, permits: u32) {
        let place = self.used.partition_point(|used| *used < at);
        let held = self.used.iter().skip(place).take_while(|used| **used == at).count();
        self.used.drain(place..place + held.min(permits as usize));
        self.forget(now);
    }
}
