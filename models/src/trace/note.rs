use cascadia_patterns::call::Failure;
use cascadia_runtime::Time;

use super::span::{Said, SpanKind};
use crate::exchange::{Answer, Cause, Ended, ServiceError};

/// What is followed, before all is known of it.
#[derive(Debug)]
pub(super) struct Note {
    /// What it is made for, by its number.
    pub(super) parent: Option<u32>,
    pub(super) what: What,
    pub(super) begin: Time,
    /// When its caller knew its end, or had gone.
    pub(super) end: Option<Time>,
    pub(super) how: Option<End>,
    /// How far it came at whom it was sent to.
    pub(super) arrived: Option<Time>,
    pub(super) begun: Option<Time>,
    pub(super) answered: Option<Time>,
}

/// What can be followed.
pub(crate) type What = SpanKind;

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(super) ended: Ended,
    pub(super) said: Option<Said>,
}

impl Note {
    pub(super) fn new(parent: Option<u32>, what: What, begin: Time) -> Self {
        let (end, how) = (None, None);
        Self { parent, what, begin, end, how, arrived: None, begun: None, answered: None }
    }
}

impl End {
    pub(crate) fn of(answer: &Answer) -> Self {
        let said = answer.as_ref().err().map(|failure| match failure {
            Failure::Rejected(rejection) => Said::Refused(rejection.by, rejection.reason),
            Failure::TimedOut(by) => Said::GaveUp(*by),
            Failure::Service(ServiceError { kind, .. }) => Said::Error(*kind),
        });
        Self { ended: Ended::of(answer), said }
    }

    /// Of a message, which its publisher may believe to be there or not.
    pub(crate) fn of_message(is_believed: &bool) -> Self {
        match is_believed {
            true => Self { ended: Ended::Ok, said: None },
            false => Self { ended: Ended::Failed(Cause::Failed), said: Some(Said::Unconfirmed) },
        }
    }
}
