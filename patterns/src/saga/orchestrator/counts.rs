/// What an orchestrator has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrchestratorCounts {
    /// Sagas that it has started.
    pub started: u64,
    /// Sagas that it has taken over: from another one, or from an earlier life of its own.
    pub taken_over: u64,
    /// Sagas that it has lost to another one.
    pub lost: u64,
    /// Commands that it has sent.
    pub commands: u64,
    /// Of these, those that were no first attempts: what is retried for ever shows here.
    pub retries: u64,
    /// Sagas that have completed.
    pub completed: u64,
    /// Sagas that have gone back.
    pub compensated: u64,
    /// How often a saga was stuck.
    pub stuck: u64,
    /// Sagas that nobody drives and that it cannot drive: their definition is not known here, or their log is damaged.
    pub foreign: u64,
}
