//! How a request to a modelled service ends.

use std::fmt;

use cascadia_patterns::call::{Class, Classify, DefaultClassifier, Failure, Outcome};

use super::outcome::Cause;
use super::status::Status;

/// Another try may help.
const HELPS: Class = Class::Failure { retryable: true, overload: false };

/// An error that a service answers with: its own, or that of a service behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) cause: Cause,
    class: Class,
    /// Nobody has worked on the request.
    untouched: bool,
}

impl ServiceError {
    /// The request failed, and may have had an effect.
    pub(crate) fn new(cause: Cause) -> Self {
        Self { cause, class: HELPS, untouched: false }
    }

    /// The service says what is wrong.
    pub(crate) fn called(status: Status) -> Self {
        let (class, untouched) = (status.class(), status.is_untouched());
        Self { cause: Cause::Failed, class, untouched }
    }

    /// Nobody listens where it was sent.
    pub(crate) fn refused() -> Self {
        Self { cause: Cause::Failed, class: HELPS, untouched: true }
    }
}

/// Judges the answers of modelled services.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Classifier;

impl Classify<Content, ServiceError> for Classifier {
    fn classify(&self, outcome: &Answer) -> Class {
        match outcome {
            Err(Failure::Service(error)) => error.class,
            _ => DefaultClassifier.classify(outcome),
        }
    }

    fn is_untouched(&self, outcome: &Answer) -> bool {
        match outcome {
            Err(Failure::Service(error)) => error.untouched,
            _ => DefaultClassifier.is_untouched(outcome),
        }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service failed: {}", self.cause.name())
    }
}

impl std::error::Error for ServiceError {}

impl From<ServiceError> for Cause {
    fn from(error: ServiceError) -> Self {
        error.cause
    }
}

/// What an answer says besides its coming.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// A fallback stands in for something that it is made of.
    pub(crate) degraded: bool,
    /// The version of what was read or written, where a store answers.
    pub(crate) version: u64,
}

impl Content {
    /// What is made of this and `part`.
    pub(crate) fn with(self, part: Self) -> Self {
        Self { degraded: self.degraded || part.degraded, ..self }
    }
}

/// How a request to a modelled service ends.
pub(crate) type Answer = Outcome<Content, ServiceError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_tells_its_cause_by_the_name_in_results() {
        let error = ServiceError::new(Cause::ShortCircuit);
        assert_eq!(error.to_string(), "the service failed: short_circuit");
    }
}
