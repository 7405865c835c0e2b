use std::sync::Arc;

use cascadia_patterns::saga::SagaId;

use super::witness::Witness;

/// A command that is under way for a saga.
pub(crate) struct UnderWay {
    witness: Arc<Witness>,
    saga: SagaId,
}

impl UnderWay {
    pub(crate) fn new(witness: &Arc<Witness>, saga: SagaId) -> Self {
        witness.begins(&saga);
        Self { witness: Arc::clone(witness), saga }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.witness.is_over(&self.saga);
    }
}
