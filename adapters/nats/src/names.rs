use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Group, Topic};

fn is_plain(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    !name.is_empty() && name.chars().all(is_plain)
}

/// The name of the stream of a topic, and its only subject.
pub(crate) fn stream(prefix: &str, topic: &Topic) -> Result<String, BrokerError> {
    let name = format!("{prefix}{topic}");
    if is_plain(&name) {
        return Ok(name);
    }
    Err(invalid("topic", "must be of letters, digits, - and _"))
}

/// The name of the consumer of a group.
pub(crate) fn consumer(group: &Group) -> Result<String, BrokerError> {
    if is_plain(group.as_str()) {
        return Ok(group.to_string());
    }
    Err(invalid("group", "must be of letters, digits, - and _"))
}
