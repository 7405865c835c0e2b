use std::fmt::Display;

use cascadia_patterns::messaging::{BrokerError, Topic};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// What cannot be done for now, or whose repetition does no harm.
pub(crate) fn unavailable(error: impl Display) -> BrokerError {
    BrokerError::Unavailable(error.to_string())
}

/// What was sent, and not answered.
pub(crate) fn unknown(error: impl Display) -> BrokerError {
    BrokerError::Unknown(error.to_string())
}

/// Whether there is no such topic or partition.
pub(crate) fn is_absent(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode::{UnknownPartition, UnknownTopic, UnknownTopicOrPartition};
    matches!(code, UnknownTopicOrPartition | UnknownTopic | UnknownPartition)
}

/// Whether who says it is no member of its group any more, or not with these partitions.
pub(crate) fn is_fenced(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode::{AssignmentLost, FencedInstanceId, IllegalGeneration, UnknownMemberId};
    matches!(code, AssignmentLost | FencedInstanceId | IllegalGeneration | UnknownMemberId)
}

/// What has become of a message that was to be published.
pub(crate) fn published(topic: &Topic, error: &KafkaError) -> BrokerError {
    match error.rdkafka_error_code() {
        Some(code) if is_absent(code) => BrokerError::NoTopic(topic.clone()),
        Some(RDKafkaErrorCode::MessageSizeTooLarge) => BrokerError::TooLarge,
        Some(RDKafkaErrorCode::QueueFull) => BrokerError::Full,
        _ => unknown(error),
    }
}

/// What ends a feed. Of what passes, the client takes care.
pub(crate) fn is_end(topic: &Topic, error: &KafkaError) -> Option<BrokerError> {
    match error {
        KafkaError::MessageConsumptionFatal(_) => Some(BrokerError::Fenced),
        _ => match error.rdkafka_error_code()? {
            RDKafkaErrorCode::AutoOffsetReset => Some(BrokerError::OutOfRange),
            code => is_absent(code).then(|| BrokerError::NoTopic(topic.clone())),
        },
    }
}
