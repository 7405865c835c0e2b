use std::sync::Arc;

use cascadia_patterns::saga::{Command, Direction};

use super::witness::Witness;

/// A request that is a command of a saga.
pub(crate) struct Errand {
    pub(crate) command: Command,
    /// Who is told what comes of it, and of whom nobody in the world knows.
    pub(crate) witness: Arc<Witness>,
}

impl Errand {
    /// It takes something back.
    pub(crate) fn is_undo(&self) -> bool {
        self.command.direction == Direction::Undo
    }
}
