use std::fmt::Display;

use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Topic};
use lapin::protocol::{AMQPErrorKind, AMQPSoftError};
use lapin::{Error, ErrorKind};

/// What cannot be done for now, or whose repetition does no harm.
pub(crate) fn unavailable(error: impl Display) -> BrokerError {
    BrokerError::Unavailable(error.to_string())
}

fn soft(error: &Error) -> Option<AMQPSoftError> {
    let ErrorKind::ProtocolError(error) = error.kind() else { return None };
    match error.kind() {
        AMQPErrorKind::Soft(soft) => Some(soft.clone()),
        AMQPErrorKind::Hard(_) => None,
    }
}

/// What an error means of something that may be done twice.
pub(crate) fn meaning(topic: &Topic, error: &Error) -> BrokerError {
    match soft(error) {
        Some(AMQPSoftError::NOTFOUND) => BrokerError::NoTopic(topic.clone()),
        Some(AMQPSoftError::PRECONDITIONFAILED) => {
            invalid("subscription", "must be that with which its queue was made")
        }
        _ => unavailable(error),
    }
}

/// What it means of something that was sent.
pub(crate) fn unknown(topic: &Topic, error: &Error) -> BrokerError {
    match soft(error) {
        Some(AMQPSoftError::NOTFOUND) => BrokerError::NoTopic(topic.clone()),
        _ => BrokerError::Unknown(error.to_string()),
    }
}
