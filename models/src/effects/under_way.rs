use std::sync::Arc;

use cascadia_patterns::saga::SagaId;

use super::witness::Witness;

/// Something that is under way for a saga, which is not forgotten meanwhile.
pub(crate) struct UnderWay {
    witness: Arc<Witness>,
    saga: SagaId,
}

impl UnderWay {
    pub(crate) fn new(witness: &Arc<Witness>, saga: SagaId) -> Self {
        witness.begins(&saga);
        Self { witness: Arc::clone(witness), saga }
    }

    /// For which one.
    pub(crate) fn saga(&self) -> &SagaId {
        &self.saga
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.witness.is_over(&self.saga);
    }
}
