/// What a layer did since the beginning, however it is told apart elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerCounters {
    /// Calls that it refused.
    pub rejected: u64,
    /// Calls that it stopped waiting for.
    pub timed_out: u64,
    /// Retries that it decided on.
    pub retried: u64,
    /// Retries that it would have made but was not allowed to.
    pub denied: u64,
}

impl LayerCounters {
    /// What came between `earlier` and this.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            rejected: self.rejected - earlier.rejected,
            timed_out: self.timed_out - earlier.timed_out,
            retried: self.retried - earlier.retried,
            denied: self.denied - earlier.denied,
        }
    }
}
