use cascadia_patterns::messaging::{BrokerError, Topic};
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// What an error means of something that changes nothing, or that may be done twice.
pub(crate) fn meaning(topic: &Topic, error: &RedisError) -> BrokerError {
    match error.code() {
        Some("NOGROUP") => BrokerError::NoTopic(topic.clone()),
        Some("OOM") => BrokerError::Full,
        _ => BrokerError::Unavailable(error.to_string()),
    }
}

/// What it means of something that was sent and must not be done twice.
pub(crate) fn unknown(topic: &Topic, error: &RedisError) -> BrokerError {
    let is_answer = matches!(error.kind(), ErrorKind::Server(_));
    let is_refused = error.kind() != ErrorKind::Server(ServerErrorKind::ExecAbort);
    if is_answer && is_refused {
        return meaning(topic, error);
    }
    BrokerError::Unknown(error.to_string())
}
