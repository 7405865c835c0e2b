use cascadia_runtime::Wall;

use crate::saga::ids::{Epoch, SagaId};

/// A saga that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub id: SagaId,
    /// How often it was taken over.
    pub epoch: Epoch,
    /// Until when its orchestrator has it.
    pub until: Wall,
    /// It waits for an operator.
    pub is_stuck: bool,
}
