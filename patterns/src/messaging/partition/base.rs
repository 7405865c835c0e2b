use std::sync::Arc;

use super::counts::Counts;
use super::journal::Journal;
use super::log::Log;
use super::now::Now;
use crate::messaging::delivery::Token;
use crate::messaging::headers::header;
use crate::messaging::ids::{Group, MessageId, Partition};
use crate::messaging::message::Message;

/// What all readers of a partition share.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) name: Partition,
    /// The moment of the event that is being dealt with.
    pub(super) now: Now,
    pub(super) log: Log,
    pub(super) journal: Journal,
    pub(super) counts: Counts,
    /// Of this life, and the deliveries in it.
    pub(super) term: u64,
    pub(super) tokens: u64,
    /// The first offset that may turn out to be aborted.
    pub(super) unsettled: u64,
    /// Whether what is done by the only reader is of use to nobody.
    pub(super) empties: bool,
}

impl Base {
    pub(super) fn token(&mut self) -> Token {
        self.tokens += 1;
        Token { term: self.term, number: self.tokens }
    }

    /// What goes to the dead letters for a message. It has an id that is always the same, so that it is known
    /// again where it is buried twice.
    pub(super) fn letter(
        &self,
        message: &Message,
        offset: Option<u64>,
        given_up: Option<(&Group, u32)>,
        reason: &str,
    ) -> Arc<Message> {
        let mut letter = message.clone();
        let number = self.name.number.to_string();
        letter.headers = letter
            .headers
            .with(header::DEAD_TOPIC, self.name.topic.as_str())
            .with(header::DEAD_PARTITION, number)
            .with(header::DEAD_REASON, reason);
        if let Some(id) = &message.id {
            letter.headers = letter.headers.with(header::DEAD_ID, id.as_str());
        }
        if let Some(offset) = offset {
            letter.headers = letter.headers.with(header::DEAD_OFFSET, offset.to_string());
            let group = given_up.map_or("", |(group, _)| group.as_str());
            letter.id = Some(MessageId::from(format!("dead {} {offset} {group}", self.name)));
        }
        if let Some((group, attempts)) = given_up {
            let attempts = attempts.to_string();
            letter.headers = letter
                .headers
                .with(header::DEAD_GROUP, group.as_str())
                .with(header::DEAD_ATTEMPTS, attempts);
        }
        letter.expires = None;
        Arc::new(letter)
    }
}
