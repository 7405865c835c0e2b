/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// The server alone.
    Bare,
    Timeout,
    Deadline,
    Retry,
    /// Retries within a budget.
    Budget,
    Breaker,
    Throttle,
    Bulkhead,
    /// A pool of threads with a queue.
    Pool,
    /// A limit by additive increase and multiplicative decrease.
    Aimd,
    /// A token bucket.
    RateLimit,
    /// So many per second, counted by the clock.
    FixedCycle,
    /// A queue that sheds by CoDel.
    Shed,
    /// A copy after a time that no call takes.
    Hedge,
    Fallback,
    /// Nobody joins.
    Singleflight,
    /// Two random choices of three endpoints.
    Balance,
    /// Outlier detection by Envoy's rules around that.
    Outlier,
    /// timeout(retry(breaker(bulkhead(server)))).
    Four,
}

impl Row {
    pub(crate) const ALL: [Self; 19] = [
        Self::Bare,
        Self::Timeout,
        Self::Deadline,
        Self::Retry,
        Self::Budget,
        Self::Breaker,
        Self::Throttle,
        Self::Bulkhead,
        Self::Pool,
        Self::Aimd,
        Self::RateLimit,
        Self::FixedCycle,
        Self::Shed,
        Self::Hedge,
        Self::Fallback,
        Self::Singleflight,
        Self::Balance,
        Self::Outlier,
        Self::Four,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "no layer",
            Self::Timeout => "timeout",
            Self::Deadline => "deadline",
            Self::Retry => "retry",
            Self::Budget => "retry with budget",
            Self::Breaker => "breaker",
            Self::Throttle => "throttle",
            Self::Bulkhead => "bulkhead",
            Self::Pool => "thread pool",
            Self::Aimd => "limit aimd",
            Self::RateLimit => "token bucket",
            Self::FixedCycle => "fixed cycle",
            Self::Shed => "shed codel",
            Self::Hedge => "hedge",
            Self::Fallback => "fallback",
            Self::Singleflight => "singleflight",
            Self::Balance => "balance p2c",
            Self::Outlier => "outlier",
            Self::Four => "four layers",
        }
    }
}
