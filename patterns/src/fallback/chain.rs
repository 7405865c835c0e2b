use std::fmt;
use std::sync::Arc;

use super::FallbackConfig;
use crate::call::{Call, Outcome};

/// What to answer in place of a call that failed: steps in their order, until one has an answer.
///
/// Every answer of the chain passes through the mark it was made with, so none can be taken for
/// the real one.
pub struct Chain<Q, T, E> {
    pub(super) steps: Vec<Step<Q, T, E>>,
    pub(super) mark: Arc<Mark<T>>,
}

/// Says of an answer that it is degraded.
type Mark<T> = dyn Fn(&mut T) + Send + Sync;

type LookUp<Q, T> = dyn Fn(&Q) -> Option<T> + Send + Sync;
type Make<T, E> = dyn Fn(&Outcome<T, E>) -> T + Send + Sync;

/// A step of a chain.
pub(super) enum Step<Q, T, E> {
    Stale(Arc<LookUp<Q, T>>),
    Default(Arc<Make<T, E>>),
    Call(FallbackConfig, Arc<dyn Call<Q, T, E>>),
}

impl<Q, T, E> Chain<Q, T, E> {
    /// A chain without a step, whose answers `mark` marks.
    pub fn new(mark: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        Self { steps: Vec::new(), mark: Arc::new(mark) }
    }

    /// Then an answer that was right some time ago, if `look_up` knows one.
    #[must_use]
    pub fn stale(mut self, look_up: impl Fn(&Q) -> Option<T> + Send + Sync + 'static) -> Self {
        self.steps.push(Step::Stale(Arc::new(look_up)));
        self
    }

    /// Then the answer to a call that may fail too.
    #[must_use]
    pub fn call(mut self, config: FallbackConfig, call: Arc<dyn Call<Q, T, E>>) -> Self {
        self.steps.push(Step::Call(config, call));
        self
    }

    /// Then an answer that is always at hand. What comes after it is never asked.
    #[must_use]
    pub fn default(mut self, make: impl Fn(&Outcome<T, E>) -> T + Send + Sync + 'static) -> Self {
        self.steps.push(Step::Default(Arc::new(make)));
        self
    }

    /// Whether it wants to know what was asked.
    pub(super) fn looks_at_requests(&self) -> bool {
        !matches!(self.steps.first(), None | Some(Step::Default(_)))
    }
}

impl<Q, T, E> fmt::Debug for Chain<Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.steps.iter().map(|step| match step {
            Step::Stale(_) => "stale",
            Step::Default(_) => "default",
            Step::Call(..) => "call",
        });
        f.debug_list().entries(names).finish()
    }
}
