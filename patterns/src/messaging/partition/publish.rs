use std::sync::Arc;

use super::core::PartitionCore;
use super::effect::{Effect, Ticket};
use super::entry::{Appended, Change, Known, Placed};
use super::now::Now;
use super::producers::Arrival;
use crate::messaging::acks::Acks;
use crate::messaging::batch::Batch;
use crate::messaging::error::BrokerError;
use crate::messaging::identity::Numbered;
use crate::messaging::ids::Offset;
use crate::messaging::message::Message;
use crate::messaging::receipt::Receipt;
use crate::messaging::topic::Overflow;

impl PartitionCore {
    /// Takes a batch, which is answered with [`Effect::Published`].
    pub fn publish(&mut self, now: Now, ticket: Ticket, batch: Batch) {
        self.base.now = now;
        let acks = batch.acks;
        let result = self.take_batch(ticket, batch);
        if let Some(result) = result.transpose() {
            let answer = Effect::Published(ticket, result);
            match acks {
                Acks::Leader => self.base.journal.answer_early(answer),
                Acks::None | Acks::All => self.base.journal.answer(answer),
            }
        }
    }

    /// What is to be answered; nothing where that has to wait for a burial.
    fn take_batch(&mut self, ticket: Ticket, batch: Batch) -> Result<Option<Receipt>, BrokerError> {
        let Batch { mut messages, numbered, transactional, .. } = batch;
        let count = u32::try_from(messages.len()).map_err(|_| BrokerError::TooLarge)?;
        if let Some(numbered) = numbered
            && let Arrival::Again(placed) =
                self.producers.judge(self.base.now.wall, numbered, count)?
        {
            self.base.counts.duplicates += u64::from(count);
            let first = placed.offset;
            return Ok(Some(Receipt { first, duplicates: count, ..Receipt::default() }));
        }
        let known = self.drop_known(&mut messages);
        let mut receipt =
            Receipt { duplicates: count - messages.len() as u32, ..Receipt::default() };
        let over = self.make_room(&messages)?;
        let room = messages.len() - over;
        let no_room = messages.split_off(room);
        receipt.dropped = no_room.len() as u32;
        receipt.added = room as u32;
        receipt.first = match messages.is_empty() {
            true => known,
            false => Some(Offset(self.base.log.end())),
        };
        if let Some(Numbered { producer, first }) = numbered {
            let placed = Placed { first, messages: count, offset: receipt.first };
            let at = self.base.now.wall.max(self.base.log.newest());
            self.producers.add(at, producer, placed);
            if messages.is_empty() {
                self.write_producer(producer.id);
            }
        }
        if !messages.is_empty() {
            self.append(messages, numbered, transactional);
        }
        if no_room.is_empty() {
            return Ok(Some(receipt));
        }
        Ok(self.overflow(ticket, no_room, receipt))
    }

    /// Drops the messages that are there already, and says where the first of them is.
    fn drop_known(&mut self, messages: &mut Vec<Arc<Message>>) -> Option<Offset> {
        if messages.iter().all(|message| message.id.is_none()) {
            return None;
        }
        let gone = self.seen.expire(self.base.now.wall, self.settings.dedupe);
        gone.into_iter().for_each(|entry| self.base.journal.forget(entry));
        let (mut first, before) = (None, messages.len());
        let mut own = std::collections::BTreeSet::new();
        messages.retain(|message| {
            let Some(id) = &message.id else { return true };
            let known = self.seen.get(id);
            first = first.or(known);
            known.is_none() && own.insert(id.clone())
        });
        self.base.counts.duplicates += (before - messages.len()) as u64;
        first
    }

    /// How many of the messages, the last ones, there is no room for.
    fn make_room(&mut self, messages: &[Arc<Message>]) -> Result<usize, BrokerError> {
        let Some(bound) = self.settings.bound else { return Ok(0) };
        let length = self.unsettled_by_any() + messages.len() as u64;
        let over = length.saturating_sub(bound).min(messages.len() as u64) as usize;
        if over == 0 && length <= bound {
            return Ok(0);
        }
        match self.settings.overflow {
            Overflow::Reject => {
                self.base.counts.overflowed += messages.len() as u64;
                Err(BrokerError::Full)
            }
            Overflow::DropNew => Ok(over),
            Overflow::DropHead => {
                self.drop_head(length - bound);
                Ok(0)
            }
        }
    }

    fn append(
        &mut self,
        messages: Vec<Arc<Message>>,
        numbered: Option<Numbered>,
        transactional: bool,
    ) {
        let first = Offset(self.base.log.end());
        let at = self.base.now.wall.max(self.base.log.newest());
        self.base.counts.added += messages.len() as u64;
        let appended = Appended { first, at, messages, numbered, transactional };
        self.take_in(&appended, self.base.journal.last() + 1);
        self.base.journal.write(Change::Appended(appended));
        if self.base.journal.is_durable(self.base.journal.last()) {
            self.base.log.show(self.base.journal.last());
        }
        self.trim_large();
        self.compact();
    }

    /// Has messages in the log, whether they come or were there in an earlier life.
    pub(super) fn take_in(&mut self, appended: &Appended, entry: u64) {
        let Appended { first, at, messages, numbered, transactional } = appended;
        for (offset, message) in (first.0..).zip(messages) {
            if let Some(id) = &message.id {
                let known = Known { id: id.clone(), offset: Offset(offset), at: *at };
                self.seen.add(known);
            }
        }
        let end = first.0 + messages.len() as u64;
        if let Some(Numbered { producer, .. }) = numbered {
            self.trimming.add_origin(end, producer.id);
            if *transactional && !messages.is_empty() {
                self.open.add(*producer, first.0..end);
            }
        }
        self.base.log.append(appended, entry);
    }
}
