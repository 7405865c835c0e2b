use std::time::Duration;

use cascadia_runtime::Time;

use super::{Mark, Memory, Tally};

/// The outcomes of the last so many buckets of time, the present one included.
#[derive(Debug)]
pub(in crate::breaker) struct Buckets {
    width: u64,
    ring: Vec<Tally>,
    newest: u64,
}

impl Buckets {
    pub(in crate::breaker) fn new(span: Duration, buckets: u16) -> Self {
        let width = span.as_nanos() / u128::from(buckets);
        let width = u64::try_from(width).unwrap_or(u64::MAX);
        Self { width, ring: vec![Tally::default(); usize::from(buckets)], newest: 0 }
    }

    /// Empties the buckets that time has come round to.
    fn slide(&mut self, now: Time) {
        let newest = (now.as_nanos() / self.width).max(self.newest);
        let length = self.ring.len() as u64;
        let first = (self.newest + 1).max((newest + 1).saturating_sub(length));
        for bucket in first..=newest {
            self.ring[(bucket % length) as usize] = Tally::default();
        }
        self.newest = newest;
    }
}

impl Memory for Buckets {
    fn record(&mut self, now: Time, mark: Mark) {
        self.slide(now);
        let length = self.ring.len() as u64;
        self.ring[(self.newest % length) as usize].add(mark);
    }

    fn tally(&mut self, now: Time) -> Tally {
        self.slide(now);
        self.ring.iter().fold(Tally::default(), |sum, bucket| Tally {
            calls: sum.calls + bucket.calls,
            failed: sum.failed + bucket.failed,
            slow: sum.slow + bucket.slow,
        })
    }

    fn clear(&mut self) {
        self.ring.fill(Tally::default());
    }
}
