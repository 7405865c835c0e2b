use std::fmt::Display;

use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Capability, Topic};
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

/// Why a topic is not made, or not removed.
pub(crate) fn refused(code: RDKafkaErrorCode) -> BrokerError {
    match code {
        RDKafkaErrorCode::UnsupportedFeature => Capability::Declare.into(),
        RDKafkaErrorCode::OperationTimedOut => {
            unavailable("no controller has answered; a mock has none")
        }
        RDKafkaErrorCode::InvalidReplicationFactor => {
            invalid("replicas", "must not be more than there are brokers")
        }
        RDKafkaErrorCode::InvalidTopic => {
            invalid("topic", "must be of letters, digits, ., _ and -, and of at most 249")
        }
        _ => unavailable(code),
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
