use std::sync::Arc;

use cascadia_patterns::saga::{Command, Direction};
use cascadia_sim_core::Local;

use super::witness::Witness;
use crate::ledgers::Entry;

/// A request that is a command of a saga.
pub(crate) struct Errand {
    pub(crate) command: Command,
    /// Who is told what comes of it, and of whom nobody in the world knows.
    pub(crate) witness: Arc<Witness>,
    /// What it is to enter when somebody else commits it, and who does it enters nothing.
    pub(crate) turn: Option<Local<Vec<Entry>>>,
}

impl Errand {
    /// One that is done where it comes.
    pub(crate) fn new(command: Command, witness: Arc<Witness>) -> Self {
        Self { command, witness, turn: None }
    }

    /// One that somebody commits when it is done.
    pub(crate) fn turn(command: Command, witness: Arc<Witness>) -> Self {
        Self { turn: Some(Local::default()), ..Self::new(command, witness) }
    }

    /// What it has to enter.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.turn.as_ref().map(|turn| std::mem::take(&mut *turn.borrow_mut())).unwrap_or_default()
    }

    /// It takes something back.
    pub(crate) fn is_undo(&self) -> bool {
        self.command.direction == Direction::Undo
    }
}
