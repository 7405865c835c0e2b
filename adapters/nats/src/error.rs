use std::fmt::Display;

use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::{self, ErrorCode};
use cascadia_patterns::messaging::{BrokerError, Topic};

/// What cannot be done for now, or whose repetition does no harm.
pub(crate) fn unavailable(error: impl Display) -> BrokerError {
    BrokerError::Unavailable(error.to_string())
}

/// What was sent, and not answered.
pub(crate) fn unknown(error: impl Display) -> BrokerError {
    BrokerError::Unknown(error.to_string())
}

/// What the server says of a stream that it was asked for.
pub(crate) fn answered(topic: &Topic, error: &jetstream::Error) -> BrokerError {
    match error.error_code() {
        ErrorCode::STREAM_NOT_FOUND => BrokerError::NoTopic(topic.clone()),
        _ => unavailable(error),
    }
}

/// What has become of a message that was to be published.
pub(crate) fn published(topic: &Topic, error: &PublishError) -> BrokerError {
    match error.kind() {
        PublishErrorKind::StreamNotFound => BrokerError::NoTopic(topic.clone()),
        PublishErrorKind::MaxPayloadExceeded => BrokerError::TooLarge,
        _ => unknown(error),
    }
}
