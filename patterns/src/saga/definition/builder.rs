use std::sync::Arc;
use std::time::Duration;

use super::error::DefinitionError;
use super::saga::{Definition, Siblings};
use super::step::{Kind, Step};

/// Gathers the steps of a saga.
#[derive(Clone, Debug)]
pub struct Steps {
    name: Arc<str>,
    version: u32,
    stages: Vec<Vec<Step>>,
    siblings: Siblings,
    timeout: Option<Duration>,
}

impl Steps {
    /// None yet, for a definition of this name. Whoever changes one gives it another version: sagas that have begun
    /// end by their own.
    pub fn new(name: impl Into<Arc<str>>, version: u32) -> Self {
        let (stages, siblings) = (Vec::new(), Siblings::default());
        Self { name: name.into(), version, stages, siblings, timeout: None }
    }

    /// A step, after all before it.
    #[must_use]
    pub fn then(self, step: Step) -> Self {
        self.together([step])
    }

    /// Steps at the same time, after all before them. What follows waits for all of them.
    #[must_use]
    pub fn together(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.stages.push(steps.into_iter().collect());
        self
    }

    /// What becomes of the steps beside one that fails.
    #[must_use]
    pub fn siblings(self, siblings: Siblings) -> Self {
        Self { siblings, ..self }
    }

    /// How long the saga may take until it has passed its pivot, by the wall clock.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// The definition.
    ///
    /// # Errors
    ///
    /// Where a saga of these steps could neither complete nor go back.
    pub fn build(self) -> Result<Arc<Definition>, DefinitionError> {
        self.check()?;
        let lengths = self.stages.iter().map(Vec::len);
        let stages = lengths.enumerate().flat_map(|(at, many)| std::iter::repeat_n(at, many));
        let stages: Vec<usize> = stages.collect();
        let (name, version, siblings) = (self.name, self.version, self.siblings);
        let steps: Vec<_> = self.stages.into_iter().flatten().collect();
        let is_after = |step: &Step| step.kind == Kind::Retriable;
        Ok(Arc::new(Definition {
            stages,
            until_decided: steps.iter().position(is_after).unwrap_or(steps.len()),
            steps,
            name,
            version,
            siblings,
            timeout: self.timeout,
        }))
    }

    fn check(&self) -> Result<(), DefinitionError> {
        let steps: Vec<_> = self.stages.iter().flatten().collect();
        if steps.is_empty() {
            return Err(DefinitionError::NoStep);
        }
        let mut is_decided = false;
        for (at, step) in steps.iter().enumerate() {
            let name = || Arc::clone(&step.name);
            if steps[..at].iter().any(|other| other.name == step.name) {
                return Err(DefinitionError::SameName(name()));
            }
            let never = step.attempts.most == 0 || step.undo_attempts.most == 0;
            if never || step.timeout.is_zero() {
                return Err(DefinitionError::NoAttempt(name()));
            }
            match step.kind {
                Kind::Pivot if steps[..at].iter().any(|other| other.kind == Kind::Pivot) => {
                    return Err(DefinitionError::SecondPivot(name()));
                }
                Kind::Reading | Kind::Compensatable | Kind::Pivot if is_decided => {
                    return Err(DefinitionError::NotRetriable(name()));
                }
                Kind::Compensatable if !step.undo => return Err(DefinitionError::NoUndo(name())),
                // Nobody would release it where the saga goes back.
                Kind::Reading if step.locks => return Err(DefinitionError::NoUndo(name())),
                _ => is_decided |= matches!(step.kind, Kind::Pivot | Kind::Retriable),
            }
        }
        self.check_together()
    }

    /// What is done at the same time is all before the decision, or all after it.
    fn check_together(&self) -> Result<(), DefinitionError> {
        for stage in &self.stages {
            if let Some(pivot) = stage.iter().find(|step| step.kind == Kind::Pivot)
                && stage.len() > 1
            {
                return Err(DefinitionError::BesidePivot(Arc::clone(&pivot.name)));
            }
            let is_retriable = |step: &&Step| step.kind == Kind::Retriable;
            if stage.iter().any(|step| is_retriable(&step))
                && let Some(other) = stage.iter().find(|step| !is_retriable(step))
                && other.kind != Kind::Pivot
            {
                return Err(DefinitionError::NotRetriable(Arc::clone(&other.name)));
            }
        }
        Ok(())
    }
}
