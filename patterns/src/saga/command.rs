use std::fmt;
use std::sync::Arc;

use super::direction::Direction;
use super::ids::{Epoch, SagaId};
use crate::messaging::Bytes;

/// What an orchestrator asks of a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The saga.
    pub saga: SagaId,
    /// The step's name.
    pub step: Arc<str>,
    /// What is to be done about it.
    pub direction: Direction,
    /// Who asks: a participant that has heard of a later one refuses.
    pub epoch: Epoch,
    /// Which attempt it is, from 1. All attempts have the same [key](Self::key).
    pub attempt: u32,
    /// It cannot be refused for good, as nothing can be undone any more.
    pub must: bool,
    /// What the saga was started with.
    pub input: Bytes,
    /// The results of the steps that are done, by their names.
    pub outputs: Arc<[(Arc<str>, Bytes)]>,
}

/// What a command is known by, however often it comes: its saga, its step and its direction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommandKey {
    /// The saga.
    pub saga: SagaId,
    /// The step's name.
    pub step: Arc<str>,
    /// The direction.
    pub direction: Direction,
}

impl Command {
    /// What it is known by. No attempt and no epoch is in it.
    pub fn key(&self) -> CommandKey {
        CommandKey {
            saga: self.saga.clone(),
            step: Arc::clone(&self.step),
            direction: self.direction,
        }
    }

    /// The result of a step that is done.
    pub fn output(&self, step: &str) -> Option<&Bytes> {
        self.outputs.iter().find(|(name, _)| &**name == step).map(|(_, output)| output)
    }
}

impl fmt::Display for CommandKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.saga, self.step, self.direction)
    }
}
