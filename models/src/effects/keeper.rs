use cascadia_patterns::saga::SagaId;

/// Who keeps something of sagas.
pub(crate) trait Keeper: Send + Sync {
    /// A saga has ended well, and nobody will ever ask for it again.
    fn forget(&self, saga: &SagaId);
}
