use super::StoreCounts;

/// Counters and time integrals of a service, from the beginning on. Integrals are in requests,
/// workers or replicas × nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceCounters {
    /// Requests that reached a replica that was up.
    pub arrivals: u64,
    /// Requests answered, with success or an error: each once, however often an inbound stack has
    /// tried it.
    pub completions: u64,
    /// Requests refused by the queue or the inbound stack.
    pub rejected: u64,
    /// Requests that began service.
    pub started: u64,
    /// Requests worked on, wholly or in part, for a caller that had gone.
    pub wasted: u64,
    /// Requests worked on and answered with success, whose caller still waited.
    pub useful: u64,
    /// Sum of the waits of those that began service, in nanoseconds.
    pub wait: u128,
    /// Busy time of those that ended service, in nanoseconds.
    pub served: u128,
    /// The part of it that was spent for callers that had gone.
    pub served_wasted: u128,
    /// Integral of the waiting requests.
    pub waiting: u128,
    /// Integral of the requests in service.
    pub in_service: u128,
    /// Integral of the workers that were busy refusing.
    pub refusing: u128,
    /// Integral of the workers that were up; zero where they are unlimited.
    pub capacity: u128,
    /// What it was asked as a store.
    pub store: StoreCounts,
}

impl ServiceCounters {
    /// What came between `earlier` and this.
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            arrivals: self.arrivals - earlier.arrivals,
            completions: self.completions - earlier.completions,
            rejected: self.rejected - earlier.rejected,
            started: self.started - earlier.started,
            wasted: self.wasted - earlier.wasted,
            useful: self.useful - earlier.useful,
            wait: self.wait - earlier.wait,
            served: self.served - earlier.served,
            served_wasted: self.served_wasted - earlier.served_wasted,
            waiting: self.waiting - earlier.waiting,
            in_service: self.in_service - earlier.in_service,
            refusing: self.refusing - earlier.refusing,
            capacity: self.capacity - earlier.capacity,
            store: self.store.since(&earlier.store),
        }
    }

    /// Busy worker time ÷ worker time up.
    pub fn utilisation(&self) -> Option<f64> {
        let busy = self.in_service + self.refusing;
        (self.capacity > 0).then(|| busy as f64 / self.capacity as f64)
    }

    /// Mean wait of the requests that began service, in nanoseconds.
    pub fn mean_wait(&self) -> Option<f64> {
        (self.started > 0).then(|| self.wait as f64 / self.started as f64)
    }

    /// The share of busy time spent for callers that had gone.
    pub fn wasted_share(&self) -> Option<f64> {
        (self.served > 0).then(|| self.served_wasted as f64 / self.served as f64)
    }

    /// The share of busy time that was spent on refusing.
    pub fn refusing_share(&self) -> Option<f64> {
        let busy = self.in_service + self.refusing;
        (busy > 0).then(|| self.refusing as f64 / busy as f64)
    }
}
