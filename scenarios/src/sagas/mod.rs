//! Sagas of a file.

mod read;
mod shape;

pub(crate) use self::read::{SagaEl, saga};
pub(crate) use self::shape::{OnCancel, Saga, SagaStep, Together, Wanted};
