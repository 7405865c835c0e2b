use cascadia_runtime::Time;

use super::Rate;
use super::limiter::{Limiter, nanos};

/// A bucket that fills at a constant rate. Whoever waits has taken his tokens already, so the
/// level may be below zero.
///
/// The level is counted in parts of a token so small that every nanosecond adds a whole number of
/// them: `per` nanoseconds make `permits` tokens, so a token has `per` parts and each nanosecond
/// adds `permits`.
#[derive(Debug)]
pub(super) struct TokenBucket {
    token: i128,
    gain: i128,
    capacity: i128,
    level: i128,
    since: Time,
    /// The last instant that anybody was promised.
    last: Time,
}

impl TokenBucket {
    pub(super) fn new(rate: Rate, burst: u32) -> Self {
        let token = i128::from(nanos(rate.per));
        let capacity = token * i128::from(burst);
        let (gain, level) = (i128::from(rate.permits), capacity);
        Self { token, gain, capacity, level, since: Time::ZERO, last: Time::ZERO }
    }

    fn fill(&mut self, now: Time) {
        let gained = i128::from(nanos(now.since(self.since))) * self.gain;
        self.level = self.capacity.min(self.level + gained);
        self.since = now;
    }
}

impl Limiter for TokenBucket {
    fn take(&mut self, now: Time, permits: u32, latest: Time) -> Result<Time, Option<Time>> {
        self.fill(now);
        let needed = self.token * i128::from(permits);
        if needed > self.capacity {
            return Err(None);
        }
        let missing = (needed - self.level).max(0);
        let wait = (missing + self.gain - 1) / self.gain;
        let at = now.after(u64::try_from(wait).unwrap_or(u64::MAX));
        if at > latest {
            return Err(Some(at));
        }
        self.level -= needed;
        self.last = self.last.max(at);
        Ok(at)
    }

    fn give_back(&mut self, now: Time, at: Time, permits: u32) {
        self.fill(now);
        let mut parts = self.token * i128::from(permits);
        if self.last > at {
            // Instants are rounded up, so one nanosecond more may lie between the two.
            let between = i128::from(nanos(self.last.since(at))) + 1;
            parts -= between * self.gain;
        } else {
            let turn = u64::try_from(parts / self.gain).unwrap_or(u64::MAX);
            self.last = Time::from_nanos(at.as_nanos().saturating_sub(turn)).max(now);
        }
        self.level = self.capacity.min(self.level + parts.max(0));
    }
}
