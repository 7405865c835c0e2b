use cascadia_runtime::Wall;

use super::bytes::Bytes;
use super::headers::Headers;
use super::ids::MessageId;

/// What is told: a body and what must be known of it on the way.
///
/// ```
/// use cascadia_patterns::messaging::Message;
///
/// let paid = Message::new("{\"order\": 7}").id("paid-7").key("order-7").header("tenant", "ann");
/// assert_eq!(paid.bytes(), b"{\"order\": 7}");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// What it is known by when it comes again. Without one, a second copy is another message.
    pub id: Option<MessageId>,
    /// What it is about. Messages of one key are of one partition, and so in one order; of a compacted
    /// topic, the last one of each key is kept.
    pub key: Option<Bytes>,
    /// What is said of it.
    pub headers: Headers,
    /// What it says. A message without a body is a tombstone: in a compacted topic, its key is deleted.
    pub body: Option<Bytes>,
    /// When nobody wants it any more: it is then dead instead of delivered. By the clock of
    /// the broker.
    pub expires: Option<Wall>,
}

impl Message {
    /// One that says this.
    pub fn new(body: impl Into<Bytes>) -> Self {
        Self { body: Some(body.into()), ..Self::default() }
    }

    /// One that deletes a key.
    pub fn tombstone(key: impl Into<Bytes>) -> Self {
        Self { key: Some(key.into()), ..Self::default() }
    }

    /// With this id.
    #[must_use]
    pub fn id(self, id: impl Into<MessageId>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// With this key.
    #[must_use]
    pub fn key(self, key: impl Into<Bytes>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// With one header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Bytes>) -> Self {
        self.headers = self.headers.with(name, value);
        self
    }

    /// Worthless from this moment on.
    #[must_use]
    pub fn expires(self, at: Wall) -> Self {
        Self { expires: Some(at), ..self }
    }

    /// The body; of a tombstone, no bytes.
    pub fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// How many bytes it has, without what a broker adds.
    pub fn size(&self) -> usize {
        let parts = [self.key.as_deref(), self.body.as_deref()];
        let parts = parts.into_iter().flatten().map(<[u8]>::len).sum::<usize>();
        parts + self.id.as_ref().map_or(0, |id| id.as_str().len()) + self.headers.size()
    }
}
