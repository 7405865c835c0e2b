use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cascadia_runtime::Stream;

use super::rows::{Rows, place};
use crate::messaging::codec::encode_routed;
use crate::messaging::{Message, MessageId, Topic};
use crate::store::{Key, Store, StoreError, Transaction};

/// A message in an outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// What it is known by.
    pub id: MessageId,
    key: Key,
}

/// Takes messages that are to be published if a transaction commits.
#[derive(Debug)]
pub struct Outbox {
    rows: Rows,
    writer: u64,
    next: AtomicU64,
}

impl Outbox {
    /// The outbox with its rows under this prefix. What is written by one is published by whatever
    /// [`Relay`](super::Relay) has the same.
    pub fn new(prefix: impl Into<Key>, stream: &mut Stream) -> Self {
        Self { rows: Rows(prefix.into()), writer: stream.next_u64(), next: AtomicU64::new(0) }
    }

    /// Has a message published to a topic when the transaction has committed, and not otherwise. One without an id is
    /// given one, so that it is known again when it is published twice: which one is told.
    ///
    /// # Errors
    ///
    /// As for [`Transaction::get`].
    pub async fn add(
        &self,
        transaction: &mut Transaction,
        topic: impl Into<Topic>,
        message: Message,
    ) -> Result<Added, StoreError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let key = self.rows.key(transaction.read().await?, self.writer, number);
        // Two writers that have drawn the same number do not overwrite each other: the second conflicts.
        if transaction.get(key.clone()).await?.is_some() {
            return Err(StoreError::Conflict);
        }
        let id = message.id.clone().unwrap_or_else(|| id_of(self.writer, number));
        let message = message.id(id.as_str());
        transaction.put(key.clone(), encode_routed(place(&key), &topic.into(), &message));
        Ok(Added { id, key })
    }

    /// Those of some messages, of transactions that have committed and not published, that a relay has gone past which
    /// [reads on behind the last](super::ReadFrom::Last): it will never publish them.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn passed<'a>(
        &self,
        store: &Arc<dyn Store>,
        of: impl IntoIterator<Item = &'a Added> + Send,
    ) -> Result<Vec<MessageId>, StoreError> {
        let last = store.get(self.rows.last()).await?.map(|row| row.value).unwrap_or_default();
        let passed = of.into_iter().filter(|added| added.key <= last);
        Ok(passed.map(|added| added.id.clone()).collect())
    }
}

fn id_of(writer: u64, number: u64) -> MessageId {
    format!("{writer:016x}-{number:x}").into()
}
