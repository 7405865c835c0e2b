use std::sync::Arc;
use std::time::Duration;

use super::step::Step;

/// The steps of a saga, in their order. Made by [`Steps`](super::Steps), which checks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    pub(super) name: Arc<str>,
    pub(super) version: u32,
    pub(super) steps: Vec<Step>,
    /// Of each step, after how many others it is begun. Those of the same stage are done together.
    pub(super) stages: Vec<usize>,
    pub(super) until_decided: usize,
    pub(super) siblings: Siblings,
    pub(super) timeout: Option<Duration>,
}

/// What becomes of the steps beside one that fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Siblings {
    /// They are waited for, and undone if they were done.
    #[default]
    Wait,
    /// They are undone at once, whatever becomes of them.
    Cancel,
}

impl Definition {
    /// Its name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Which one of that name it is.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The steps, by their numbers.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The number of the step of a name.
    pub(in crate::saga) fn find(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| &*step.name == name)
    }

    /// The stage of a step: those of a lower one are done before.
    pub fn stage(&self, step: usize) -> usize {
        self.stages[step]
    }

    /// What becomes of the steps beside one that fails.
    pub fn siblings(&self) -> Siblings {
        self.siblings
    }

    /// How long it may take until it has passed its pivot.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// How many steps must be done before nothing is undone any more.
    pub(in crate::saga) fn until_decided(&self) -> usize {
        self.until_decided
    }
}
