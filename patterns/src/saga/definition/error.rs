use std::fmt;
use std::sync::Arc;

/// Why steps are no saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinitionError {
    /// There is none.
    NoStep,
    /// Two have this name.
    SameName(Arc<str>),
    /// This one and an earlier one are pivots.
    SecondPivot(Arc<str>),
    /// The pivot decides for those beside it, so there must be none.
    BesidePivot(Arc<str>),
    /// This one may fail for good, and comes after one that cannot be undone.
    NotRetriable(Arc<str>),
    /// This one may have to be undone and cannot.
    NoUndo(Arc<str>),
    /// This one is never attempted, or never waited for.
    NoAttempt(Arc<str>),
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStep => f.write_str("a saga has at least one step"),
            Self::SameName(step) => write!(f, "two steps are named {step}"),
            Self::SecondPivot(step) => write!(f, "{step} is a second pivot"),
            Self::BesidePivot(step) => write!(f, "{step} is done beside others, and is a pivot"),
            Self::NotRetriable(step) => {
                write!(f, "{step} comes when nothing can be undone any more, and is not retriable")
            }
            Self::NoUndo(step) => write!(f, "{step} changes something and has no undo"),
            Self::NoAttempt(step) => write!(f, "{step} has no attempt, or no time for it"),
        }
    }
}

impl std::error::Error for DefinitionError {}
