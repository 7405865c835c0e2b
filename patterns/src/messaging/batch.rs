use std::sync::Arc;

use super::acks::Acks;
use super::identity::Numbered;
use super::ids::Partition;
use super::message::Message;

/// Messages for one partition, which are there all or not at all, and next to each other.
///
/// A clone shares the messages, so a batch can be kept until it is known to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Where they go.
    pub to: Partition,
    /// The messages, in their order. At least one.
    pub messages: Vec<Arc<Message>>,
    /// When the broker answers.
    pub acks: Acks,
    /// Whose it is; without that, a batch that is sent again is there twice.
    pub numbered: Option<Numbered>,
    /// Whether it belongs to the transaction of its producer: who reads what is committed sees it
    /// when that is. Needs `numbered`.
    pub transactional: bool,
}

impl Batch {
    /// For `to`, acknowledged by all, of nobody in particular.
    pub fn new(to: impl Into<Partition>, messages: impl IntoIterator<Item = Message>) -> Self {
        let messages = messages.into_iter().map(Arc::new).collect();
        let (acks, numbered) = (Acks::default(), None);
        Self { to: to.into(), messages, acks, numbered, transactional: false }
    }

    /// How many bytes its messages have.
    pub fn size(&self) -> usize {
        self.messages.iter().map(|message| message.size()).sum()
    }
}
