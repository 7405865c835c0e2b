use super::{Class, Failure, Kind, Pushback};

/// What an outcome means to a policy.
///
/// An HTTP 404 is an answer, a 503 is trouble, a cancelled call says nothing: only the user of a
/// policy knows which. Every layer that judges outcomes asks one of these.
pub trait Classify<T, E>: Send + Sync {
    /// Judges an outcome.
    fn classify(&self, outcome: &Result<T, Failure<E>>) -> Class;

    /// What kind of failure an outcome is, or of answer where the server names it: by default an
    /// [`Error`](Kind::Error) that nothing more is known of, or what a layer did.
    fn kind(&self, outcome: &Result<T, Failure<E>>) -> Option<Kind> {
        let failure = outcome.as_ref().err()?;
        Some(Kind::of_failure(failure, |_| Kind::Error))
    }

    /// What the server says about another try: by default what a rejection says.
    fn pushback(&self, outcome: &Result<T, Failure<E>>) -> Pushback {
        match outcome {
            Err(Failure::Rejected(rejection)) => {
                rejection.retry_after.map_or(Pushback::Silent, Pushback::After)
            }
            _ => Pushback::Silent,
        }
    }

    /// Whether it is certain that the request has had no effect, so that even one that is not
    /// idempotent may be sent again: by default where a rejection says so.
    fn is_untouched(&self, outcome: &Result<T, Failure<E>>) -> bool {
        matches!(outcome, Err(Failure::Rejected(rejection)) if rejection.safe_to_retry)
    }
}

/// What an outcome says of the server to a layer that watches it. What tells of the caller alone
/// ([`Failure::is_of_server`]) says nothing, unless the layer is to count that too.
#[inline]
pub(crate) fn health<T, E>(
    classify: &dyn Classify<T, E>,
    outcome: &Result<T, Failure<E>>,
    count_local: bool,
) -> Class {
    match outcome {
        Err(failure) if !count_local && !failure.is_of_server() => Class::Ignore,
        _ => classify.classify(outcome),
    }
}

/// Responses are successes; errors and timeouts are retryable failures; rejections are overload,
/// retryable where they are safe to retry.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultClassifier;

impl<T, E> Classify<T, E> for DefaultClassifier {
    fn classify(&self, outcome: &Result<T, Failure<E>>) -> Class {
        match outcome {
            Ok(_) => Class::Success,
            Err(Failure::Rejected(rejection)) => {
                Class::Failure { retryable: rejection.safe_to_retry, overload: true }
            }
            Err(Failure::TimedOut(_) | Failure::Service(_)) => {
                Class::Failure { retryable: true, overload: false }
            }
        }
    }
}
