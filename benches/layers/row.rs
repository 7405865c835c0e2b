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
    Bulkhead,
    /// Two random choices of three endpoints.
    Balance,
    /// timeout(retry(breaker(bulkhead(server)))).
    Four,
}

impl Row {
    pub(crate) const ALL: [Self; 9] = [
        Self::Bare,
        Self::Timeout,
        Self::Deadline,
        Self::Retry,
        Self::Budget,
        Self::Breaker,
        Self::Bulkhead,
        Self::Balance,
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
            Self::Bulkhead => "bulkhead",
            Self::Balance => "balance p2c",
            Self::Four => "four layers",
        }
    }
}
