use super::core::PartitionCore;
use super::effect::{Effect, ReaderId, Ticket};
use super::entry::Change;
use super::log::Fate;
use super::now::Now;
use crate::messaging::delivery::Token;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::Offset;

impl PartitionCore {
    /// The producers that have a transaction here.
    pub fn transactions(&self) -> Vec<u64> {
        self.open.producers().collect()
    }

    /// Ends the transaction of a producer, if it has one here, and answers with [`Effect::Done`]: when that is told, what it
    /// has published is there for everybody, or will never be.
    pub fn end(&mut self, now: Now, ticket: Ticket, producer: ProducerIdentity, commit: bool) {
        self.base.now = now;
        if self.open.is_open(producer.id) {
            let entry = self.base.journal.write(Change::Ended(producer, commit));
            self.end_at(producer, commit, entry);
        }
        self.base.journal.answer(Effect::Done(ticket));
    }

    pub(super) fn end_at(&mut self, producer: ProducerIdentity, commit: bool, entry: u64) {
        let fate = if commit { Fate::Committed } else { Fate::Aborted };
        let offsets = self.open.end(producer, entry);
        offsets.into_iter().for_each(|offset| self.base.log.set_fate(offset, fate));
        if self.base.journal.is_durable(entry) {
            self.open.on_durable(entry);
        }
    }

    /// Keeps deliveries for a transaction that is about to end, so that nobody else gets them. Says no, and keeps none, where
    /// one of them is not with its consumer any more.
    pub fn hold(&mut self, now: Now, reader: ReaderId, ids: &[(Offset, Token)]) -> bool {
        self.base.now = now;
        self.readers.get_mut(&reader).is_some_and(|reader| reader.hold(ids, &self.base))
    }

    /// The transaction has ended: with its commit the deliveries are done, otherwise they are delivered again. Answers with
    /// [`Effect::Done`].
    pub fn finish_held(
        &mut self,
        now: Now,
        ticket: Ticket,
        reader: ReaderId,
        offsets: &[Offset],
        commit: bool,
    ) {
        self.base.now = now;
        if let Some(reader) = self.readers.get_mut(&reader) {
            match commit {
                true => reader.finish_held(offsets, &mut self.base),
                false => reader.let_go(offsets, &mut self.base),
            }
        }
        self.trim_settled();
        self.base.journal.answer(Effect::Done(ticket));
    }
}
