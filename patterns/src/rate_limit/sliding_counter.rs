use std::time::Duration;

use cascadia_runtime::Time;

use super::limiter::{Limiter, nanos};

/// Two counters, of this window and the one before, which counts for the share of it that the
/// sliding window still covers. That is right if its calls came evenly.
#[derive(Debug)]
pub(super) struct SlidingCounter {
    limit: u64,
    width: u64,
    /// The number of this window; windows lie end to end from the beginning of time on.
    number: u64,
    previous: u64,
    current: u64,
    /// What is reserved in the window after this one. Nothing is reserved beyond.
    next: u64,
}

impl SlidingCounter {
    pub(super) fn new(limit: u32, window: Duration) -> Self {
        let (limit, width) = (u64::from(limit), nanos(window));
        Self { limit, width, number: 0, previous: 0, current: 0, next: 0 }
    }

    fn slide(&mut self, now: Time) {
        let number = now.as_nanos() / self.width;
        for _ in 0..(number - self.number).min(3) {
            self.previous = self.current;
            self.current = self.next;
            self.next = 0;
        }
        self.number = number;
    }

    fn begin(&self, number: u64) -> u64 {
        number.saturating_mul(self.width)
    }

    /// How far into a window there is room for `permits`: `before` were used in the window before
    /// it and `within` in it. As far as its end if there is none.
    fn room(&self, before: u64, within: u64, permits: u64) -> u64 {
        let Some(left) = self.limit.checked_sub(within + permits) else { return self.width };
        if before == 0 {
            return 0;
        }
        let covered = u128::from(left) * u128::from(self.width) / u128::from(before);
        self.width.saturating_sub(u64::try_from(covered).unwrap_or(u64::MAX))
    }
}

impl Limiter for SlidingCounter {
    fn take(&mut self, now: Time, permits: u32, latest: Time) -> Result<Time, Option<Time>> {
        self.slide(now);
        let permits = u64::from(permits);
        if permits > self.limit {
            return Err(None);
        }
        let here = self.room(self.previous, self.current, permits);
        if here < self.width && self.next == 0 {
            let at = now.max(Time::from_nanos(self.begin(self.number).saturating_add(here)));
            if at > latest {
                return Err(Some(at));
            }
            self.current += permits;
            return Ok(at);
        }
        let there = self.room(self.current, self.next, permits);
        let at = Time::from_nanos(self.begin(self.number + 1).saturating_add(there));
        if at > latest || there == self.width {
            return Err(Some(at));
        }
        self.next += permits;
        Ok(at)
    }

    fn give_back(&mut self, now: Time, at: Time, permits: u32) {
        self.slide(now);
        let permits = u64::from(permits);
        let counter = match (at.as_nanos() / self.width).checked_sub(self.number) {
            Some(0) => &mut self.current,
            Some(_) => &mut self.next,
            None => &mut self.previous,
        };
        *counter = counter.saturating_sub(permits);
    }
}
