//! The header and statuses of HTTP.

use std::time::Duration;

use cascadia_runtime::{Runtime, Wall};

use crate::call::{Class, Classify, DefaultClassifier, Kind, Outcome, Pushback, Rejection, Sense};

/// What `Retry-After` says at `wall`: a number of seconds, or a date, which needs a clock that
/// knows the date. One that has passed means now. What is neither is no header at all (RFC 9110
/// §10.2.3).
///
/// By a clock that is ahead the wait for a date is shorter by just that much, down to none, and by one
/// that is behind it is longer by just that much. Servers that do not trust clocks send seconds, as
/// [`encode_retry_after`] does.
pub fn retry_after(value: Option<&str>, wall: Wall) -> Pushback {
    let Some(value) = value.map(str::trim) else { return Pushback::Silent };
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Pushback::After(Duration::from_secs(seconds));
    }
    match httpdate::parse_http_date(value) {
        Ok(date) => Pushback::After(Wall::from(date).since(wall)),
        Err(_) => Pushback::Silent,
    }
}

/// A wait as `Retry-After`: whole seconds, rounded up, so that nobody comes too early.
pub fn encode_retry_after(wait: Duration) -> String {
    let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
    seconds.to_string()
}

/// The status by which a server says that one of its own layers refused: 429 to who asks too often,
/// 504 to who has stopped waiting, what fits to a request that is itself at fault, else 503.
pub fn status_of(rejection: &Rejection) -> u16 {
    match rejection.reason.sense() {
        Sense::TooOften => 429,
        Sense::Expired => 504,
        Sense::AtFault { http } => http,
        Sense::Overload | Sense::ShortCircuit { .. } => 503,
    }
}

/// What a status means for those who may try again, by its [`Kind`]. Whether the request may be sent twice is
/// another matter ([`is_untouched`]).
///
/// | status | another try | |
/// |---|---|---|
/// | 408, 500, 502, 504 | helps | it may have had its effect |
/// | 425 | helps | refused before it was looked at (RFC 8470) |
/// | 429, 503 | helps | overload |
/// | other 5xx | does not | 501, 505, 511 stay as they are |
/// | any other | | is an answer |
pub fn class(status: u16) -> Class {
    Kind::of_http(status).class()
}

/// Whether a status proves that the application has not begun: too early, too many requests.
pub fn is_untouched(status: u16) -> bool {
    Kind::of_http(status).is_untouched()
}

/// Whether a cache may keep an answer with this status without being told how long (RFC 9110 §15.1).
pub fn is_cacheable(status: u16) -> bool {
    let kind = Kind::of_http(status);
    kind.is_cacheable() && kind.http().contains(&status)
}

/// An answer that has a status.
pub trait HttpAnswer {
    /// Its status.
    fn status(&self) -> u16;

    /// Its `Retry-After`, if it came with one.
    fn retry_after(&self) -> Option<&str>;
}

/// Judges by the status of an answer. What never became an answer is a failure worth another try,
/// such as a connection that was refused or reset.
#[derive(Clone, Copy, Debug)]
pub struct HttpClassifier<R> {
    world: R,
}

impl<R: Runtime> HttpClassifier<R> {
    /// A judge that takes dates by the wall clock of `world`.
    pub fn new(world: R) -> Self {
        Self { world }
    }
}

impl<R: Runtime, T: HttpAnswer, E> Classify<T, E> for HttpClassifier<R> {
    fn classify(&self, outcome: &Outcome<T, E>) -> Class {
        match outcome {
            Ok(answer) => class(answer.status()),
            Err(_) => DefaultClassifier.classify(outcome),
        }
    }

    fn kind(&self, outcome: &Outcome<T, E>) -> Option<Kind> {
        match outcome {
            Ok(answer) => Some(Kind::of_http(answer.status())),
            Err(_) => DefaultClassifier.kind(outcome),
        }
    }

    fn pushback(&self, outcome: &Outcome<T, E>) -> Pushback {
        match outcome {
            Ok(answer) => retry_after(answer.retry_after(), self.world.wall()),
            Err(_) => DefaultClassifier.pushback(outcome),
        }
    }

    fn is_untouched(&self, outcome: &Outcome<T, E>) -> bool {
        match outcome {
            Ok(answer) => is_untouched(answer.status()),
            Err(_) => DefaultClassifier.is_untouched(outcome),
        }
    }
}
