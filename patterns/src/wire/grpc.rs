//! The headers and codes of gRPC.

use std::time::Duration;

use cascadia_runtime::Time;

use crate::call::{Baggage, Class, Classify, DefaultClassifier, Failure, Kind, Outcome, Pushback};

/// Carries the time that is left until the deadline.
pub const TIMEOUT: &str = "grpc-timeout";
/// Carries the number of tries made before this one.
pub const PREVIOUS_ATTEMPTS: &str = "grpc-previous-rpc-attempts";
/// Carries how long a server wants a client to wait, in milliseconds.
pub const PUSHBACK: &str = "grpc-retry-pushback-ms";

/// The units of a timeout, from the finest, and their nanoseconds.
const UNITS: [(char, u64); 6] = [
    ('n', 1),
    ('u', 1_000),
    ('m', 1_000_000),
    ('S', 1_000_000_000),
    ('M', 60_000_000_000),
    ('H', 3_600_000_000_000),
];
/// The first number that has too many digits.
const TOO_LONG: u128 = 100_000_000;

/// A duration as `grpc-timeout`: at most eight digits and a unit, the coarsest in which it is exact
/// if there is one, else the finest that holds it, rounded down, so that nobody works for
/// longer than the caller waits.
pub fn encode_timeout(timeout: Duration) -> String {
    let nanos = timeout.as_nanos();
    let holds = |(_, unit): &&(char, u64)| nanos / u128::from(*unit) < TOO_LONG;
    let exact = |(_, unit): &&(char, u64)| nanos.is_multiple_of(u128::from(*unit));
    let exactly = UNITS.iter().rev().filter(exact).find(holds);
    match exactly.or_else(|| UNITS.iter().find(holds)) {
        Some((letter, unit)) => format!("{}{letter}", nanos / u128::from(*unit)),
        None => format!("{}H", TOO_LONG - 1),
    }
}

/// The duration that a `grpc-timeout` means, or `None` if it does not mean any.
pub fn decode_timeout(value: &str) -> Option<Duration> {
    let letter = value.chars().next_back()?;
    let digits = &value[..value.len() - letter.len_utf8()];
    let (_, unit) = UNITS.iter().find(|(known, _)| *known == letter)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    let nanos = u128::from(number) * u128::from(*unit);
    Some(Duration::new((nanos / 1_000_000_000) as u64, (nanos % 1_000_000_000) as u32))
}

/// The `grpc-timeout` of a call at `now` that carries `baggage`: what is left of its deadline, less
/// a margin for the way back.
pub fn remaining(baggage: &Baggage, now: Time, margin: Duration) -> Option<String> {
    baggage.deadline.map(|deadline| encode_timeout(deadline.since(now).saturating_sub(margin)))
}

/// The number of tries made before the one with this number; the first says nothing.
pub fn encode_attempts(attempt: u16) -> Option<String> {
    (attempt > 0).then(|| attempt.to_string())
}

/// The number of a try that says so, or 0.
pub fn decode_attempts(value: Option<&str>) -> u16 {
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    value.filter(digits).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// What `grpc-retry-pushback-ms` says. A negative number and what is no number mean that the call
/// is not to be tried again (A6).
pub fn pushback(value: Option<&str>) -> Pushback {
    match value.map(str::parse::<u32>) {
        None => Pushback::Silent,
        Some(Ok(millis)) => Pushback::After(Duration::from_millis(millis.into())),
        Some(Err(_)) => Pushback::Stop,
    }
}

/// What a status code means for those who may try again, by its [`Kind`].
///
/// `UNAVAILABLE` is worth another try. `RESOURCE_EXHAUSTED` is overload, and worth one only where
/// the server says when. `ABORTED` is to be tried again from the beginning of the transaction,
/// which is not here. Nothing else is: `DEADLINE_EXCEEDED` has used up its time, and what is wrong
/// with a request stays wrong.
pub fn class(code: u32, pushback: Pushback) -> Class {
    Kind::of_grpc(code).grpc_class(pushback)
}

/// An error that has a gRPC status.
pub trait GrpcError {
    /// Its code.
    fn code(&self) -> u32;

    /// Its `grpc-retry-pushback-ms`, if it came with one.
    fn pushback(&self) -> Option<&str>;
}

/// Judges by the code and the pushback of an error.
#[derive(Clone, Copy, Debug, Default)]
pub struct GrpcClassifier;

impl<T, E: GrpcError> Classify<T, E> for GrpcClassifier {
    fn classify(&self, outcome: &Outcome<T, E>) -> Class {
        match outcome {
            Err(Failure::Service(error)) => class(error.code(), pushback(error.pushback())),
            _ => DefaultClassifier.classify(outcome),
        }
    }

    fn kind(&self, outcome: &Outcome<T, E>) -> Option<Kind> {
        let failure = outcome.as_ref().err()?;
        Some(Kind::of_failure(failure, |error| Kind::of_grpc(error.code())))
    }

    fn pushback(&self, outcome: &Outcome<T, E>) -> Pushback {
        match outcome {
            Err(Failure::Service(error)) => pushback(error.pushback()),
            _ => DefaultClassifier.pushback(outcome),
        }
    }
}
