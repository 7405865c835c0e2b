use std::fmt;
use std::sync::Arc;

use crate::saga::ids::SagaId;
use crate::store::StoreError;

/// Why an orchestrator did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SagaError {
    /// There is no such saga.
    NoSaga(SagaId),
    /// The saga has ended.
    Ended(SagaId),
    /// Another saga was started under this id: by another definition, or about something else.
    Different(SagaId),
    /// No definition of this name, or of this version, is known here.
    NoDefinition(Arc<str>),
    /// Of the store. Whether it has happened is as with that.
    Store(StoreError),
}

impl From<StoreError> for SagaError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for SagaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSaga(id) => write!(f, "there is no saga {id}"),
            Self::Ended(id) => write!(f, "saga {id} has ended"),
            Self::Different(id) => write!(f, "another saga was started as {id}"),
            Self::NoDefinition(name) => write!(f, "no definition of {name} is known here"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SagaError {}
