use cascadia_runtime::Time;

use super::gauge::Gauge;

/// What one replica measured, from the warm-up to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReplicaMeasured {
    /// Requests that reached it while it was up.
    pub arrivals: u64,
    /// Requests answered, with success or an error.
    pub completions: u64,
    /// Integral of the requests in service.
    pub in_service: u128,
    /// Integral of the workers that were busy refusing.
    pub refusing: u128,
    /// Integral of the workers that were up; zero where they are unlimited.
    pub capacity: u128,
}

impl ReplicaMeasured {
    /// Busy worker time ÷ worker time up.
    pub fn utilisation(&self) -> Option<f64> {
        let busy = self.in_service + self.refusing;
        (self.capacity > 0).then(|| busy as f64 / self.capacity as f64)
    }

    pub(super) fn since(&self, earlier: &Self) -> Self {
        Self {
            arrivals: self.arrivals - earlier.arrivals,
            completions: self.completions - earlier.completions,
            in_service: self.in_service - earlier.in_service,
            refusing: self.refusing - earlier.refusing,
            capacity: self.capacity - earlier.capacity,
        }
    }
}

/// Measures one replica.
#[derive(Clone, Default)]
pub(super) struct ReplicaMeter {
    pub(super) waiting: u64,
    pub(super) counts: ReplicaMeasured,
    pub(super) in_service: Gauge,
    pub(super) refusing: Gauge,
    pub(super) capacity: Gauge,
    pub(super) at_warmup: ReplicaMeasured,
    /// Its arrivals at each boundary since it came, where they may be wanted.
    pub(super) copies: Vec<(Time, u64)>,
}

impl ReplicaMeter {
    pub(super) fn counts(&self, now: Time) -> ReplicaMeasured {
        ReplicaMeasured {
            in_service: self.in_service.integral(now),
            refusing: self.refusing.integral(now),
            capacity: self.capacity.integral(now),
            ..self.counts
        }
    }
}
