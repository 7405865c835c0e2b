//! How a request to a modelled service ends.

use std::fmt;

use cascadia_patterns::call::{Class, Classify, DefaultClassifier, Failure, Kind, Outcome};

use super::status::Status;
use crate::blame::BlameId;

/// An error that a service answers with: its own, or that of a service behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    /// What it is, as the first who failed said it.
    pub(crate) kind: Kind,
    pub(super) class: Class,
    /// Nobody has worked on the request.
    pub(super) untouched: bool,
    /// Its first cause, if that is known.
    pub(crate) blame: Option<BlameId>,
}

impl ServiceError {
    /// The request failed, and may have had an effect.
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, class: kind.class(), untouched: false, blame: None }
    }

    /// Its first cause is known, or not.
    #[must_use]
    pub(crate) fn blaming(self, blame: Option<BlameId>) -> Self {
        Self { blame, ..self }
    }

    /// The service says what is wrong.
    pub(crate) fn called(status: Status) -> Self {
        let (kind, class) = (status.kind(), status.class());
        Self { kind, class, untouched: status.is_untouched(), blame: None }
    }

    /// It would not help to try again.
    pub(crate) fn is_final(&self) -> bool {
        !matches!(self.class, Class::Failure { retryable: true, .. })
    }

    /// Nobody listens where it was sent.
    pub(crate) fn refused() -> Self {
        Self { untouched: true, ..Self::new(Kind::Refused) }
    }

    /// The one that was asked does not lead, and has done nothing.
    pub(crate) fn not_leading() -> Self {
        Self { untouched: true, ..Self::called(Status::UNAVAILABLE) }
    }

    /// What a service answers with that was let down by another one. It says what it was told, but
    /// has had its own part in it.
    pub(crate) fn behind(failure: &Failure<Self>, blame: Option<BlameId>) -> Self {
        match failure {
            Failure::Service(error) => Self { untouched: false, ..error.blaming(blame) },
            other => Self::new(Self::kind_of(other)).blaming(blame),
        }
    }

    /// What kind of failure it is.
    pub(crate) fn kind_of(failure: &Failure<Self>) -> Kind {
        Kind::of_failure(failure, |error| error.kind)
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

    fn kind(&self, outcome: &Answer) -> Option<Kind> {
        outcome.as_ref().map_or_else(|failure| Some(ServiceError::kind_of(failure)), |it| it.kind)
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
        write!(f, "the service failed: {}", self.kind.name())
    }
}

impl std::error::Error for ServiceError {}

/// What an answer says besides its coming.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// A fallback stands in for something that it is made of.
    pub(crate) degraded: bool,
    /// The version of what was read or written, where a store answers.
    pub(crate) version: u64,
    /// What kind of success it is, where it was given a status.
    pub(crate) kind: Option<Kind>,
    /// An inbox knew the message that it is done for, so nothing was done again.
    pub(crate) known: bool,
}

impl Content {
    /// What is made of this and `part`, which somebody else said.
    pub(crate) fn with(self, part: Self) -> Self {
        let (degraded, known) = (self.degraded || part.degraded, self.known || part.known);
        Self { degraded, known, ..self }
    }

    /// What is made of this and of what is done next, which may say what the answer is.
    pub(crate) fn then(self, next: Self) -> Self {
        Self { kind: self.kind.or(next.kind), ..self.with(next) }
    }
}

/// How a request to a modelled service ends.
pub(crate) type Answer = Outcome<Content, ServiceError>;

/// The service that was called answers with an error.
pub(crate) fn failed(status: Status) -> Answer {
    Err(Failure::Service(ServiceError::called(status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_tells_its_kind_by_the_name_in_results() {
        let error = ServiceError::new(Kind::ShortCircuit);
        assert_eq!(error.to_string(), "the service failed: short_circuit");
    }

    #[test]
    fn what_is_told_on_is_as_it_was_but_for_having_been_untouched() {
        let busy = Failure::Service(ServiceError::called(Status::Http(429)));
        let told: Answer = Err(Failure::Service(ServiceError::behind(&busy, None)));
        assert!(Classifier.is_untouched(&Err(busy.clone())) && !Classifier.is_untouched(&told));
        assert_eq!(Classifier.classify(&told), Classifier.classify(&Err(busy)));
        assert_eq!(Classifier.kind(&told), Some(Kind::TooManyRequests));
    }
}
