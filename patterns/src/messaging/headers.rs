use std::sync::Arc;

use super::bytes::Bytes;

/// Names and values beside the body, in their order; the clones of them share one list.
///
/// ```
/// use cascadia_patterns::messaging::{Headers, header};
///
/// let headers = Headers::default().with(header::CORRELATION_ID, "7").with("tenant", "ann");
/// assert_eq!(headers.get("correlation-id"), Some(b"7".as_slice()));
/// assert_eq!(headers.text("tenant"), Some("ann"));
/// assert_eq!(headers.get("none"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Option<Arc<[Header]>>);

type Header = (Arc<str>, Bytes);

impl Headers {
    /// With one more; one of the same name is replaced.
    #[must_use]
    pub fn with(self, name: &str, value: impl Into<Bytes>) -> Self {
        let others = self.iter().filter(|(other, _)| *other != name);
        let others = others.map(|(other, value)| (Arc::from(other), value.clone()));
        Self(Some(others.chain([(Arc::from(name), value.into())]).collect()))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter().find(|(other, _)| *other == name).map(|(_, value)| &**value)
    }

    /// The value of a name, where it is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.0.iter().flat_map(|all| all.iter()).map(|(name, value)| (&**name, value))
    }

    /// How many bytes they have.
    pub fn size(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

impl<N: AsRef<str>, V: Into<Bytes>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(all: I) -> Self {
        all.into_iter()
            .fold(Self::default(), |headers, (name, value)| headers.with(name.as_ref(), value))
    }
}

/// Headers that have a meaning here.
pub mod header {
    /// What joins a reply to its request, and all messages of one conversation.
    pub const CORRELATION_ID: &str = "correlation-id";
    /// The message that was the cause of this one.
    pub const CAUSATION_ID: &str = "causation-id";
    /// The topic that a reply is wanted at.
    pub const REPLY_TO: &str = "reply-to";
    /// Of a reply: that there is none, and why.
    pub const REPLY_FAULT: &str = "reply-fault";
    /// The trace, as [W3C](crate::trace) has it.
    pub const TRACEPARENT: &str = "traceparent";
    /// Of a dead letter: the id that the message had.
    pub const DEAD_ID: &str = "dead-id";
    /// Of a dead letter: the topic that it was published to.
    pub const DEAD_TOPIC: &str = "dead-topic";
    /// Of a dead letter: the partition of that.
    pub const DEAD_PARTITION: &str = "dead-partition";
    /// Of a dead letter: its offset there.
    pub const DEAD_OFFSET: &str = "dead-offset";
    /// Of a dead letter: the group that gave it up; none where the topic itself did.
    pub const DEAD_GROUP: &str = "dead-group";
    /// Of a dead letter: how often it was delivered.
    pub const DEAD_ATTEMPTS: &str = "dead-attempts";
    /// Of a dead letter: why it is dead.
    pub const DEAD_REASON: &str = "dead-reason";
}
