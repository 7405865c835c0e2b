use std::sync::Arc;

use super::core::PartitionCore;
use super::effect::{Burial, Deceased, Effect, Ticket};
use super::overflowed::Of;
use crate::messaging::message::Message;
use crate::messaging::receipt::Receipt;

impl PartitionCore {
    /// Messages go as there is no room for them. The receipt is to be told at once, unless one of them is to be buried
    /// first.
    pub(super) fn overflow(
        &mut self,
        ticket: Ticket,
        messages: Vec<Arc<Message>>,
        receipt: Receipt,
    ) -> Option<Receipt> {
        self.base.counts.overflowed += messages.len() as u64;
        if self.settings.dead_letter.is_none() {
            self.base.counts.dropped += messages.len() as u64;
            return Some(receipt);
        }
        // Burials are done in their order, so the last one stands for all.
        for message in messages {
            let number = self.overflowed.add(Of::New(ticket, receipt));
            self.bury_overflowed(number, &message, None);
        }
        None
    }

    /// The oldest messages go that nobody has.
    pub(super) fn drop_head(&mut self, messages: u64) {
        for _ in 0..messages {
            let Some(offset) = self.oldest_free() else { return };
            self.base.counts.overflowed += 1;
            let message = self.base.log.get(offset).and_then(|record| record.message.clone());
            let Some(message) = message.filter(|_| self.settings.dead_letter.is_some()) else {
                self.base.counts.dropped += 1;
                self.drop_one(offset);
                continue;
            };
            self.readers.values_mut().for_each(|reader| reader.set_aside(offset, &mut self.base));
            let number = self.overflowed.add(Of::Head(offset));
            self.bury_overflowed(number, &message, Some(offset));
        }
    }

    fn oldest_free(&self) -> Option<u64> {
        let log = self.base.log.from(self.floor().unwrap_or_default());
        let log = log.filter(|record| record.message.is_some());
        let is_free = |offset: &u64| self.readers.values().all(|reader| reader.could_drop(*offset));
        log.map(|record| record.offset).find(is_free)
    }

    fn bury_overflowed(&mut self, number: u64, message: &Message, offset: Option<u64>) {
        let Some(to) = self.settings.dead_letter.clone() else { return };
        let letter = self.base.letter(message, offset, None, "overflow");
        let of = Deceased::Overflowed(number);
        self.base.journal.say(Effect::Bury(Burial { of, to, letter }));
    }

    fn drop_one(&mut self, offset: u64) {
        self.readers.values_mut().for_each(|reader| reader.drop_one(offset, &mut self.base));
        self.base.log.empty(offset);
    }

    pub(super) fn on_overflow_buried(&mut self, number: u64) {
        match self.overflowed.of.remove(&number) {
            Some(Of::Head(offset)) => {
                self.overflowed.heads -= 1;
                self.drop_one(offset);
            }
            Some(Of::New(ticket, receipt)) => {
                let is_left = |of: &Of| matches!(of, Of::New(other, _) if *other == ticket);
                if !self.overflowed.of.values().any(is_left) {
                    self.base.journal.answer(Effect::Published(ticket, Ok(receipt)));
                }
            }
            None => {}
        }
    }
}
