use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Wall;

use super::deadlines::Deadline;
use super::state::Reader;
use super::window::{Slot, State};
use crate::messaging::delivery::{Delivery, DeliveryId, Source, Token};
use crate::messaging::ids::Offset;
use crate::messaging::message::Message;
use crate::messaging::partition::base::Base;
use crate::messaging::partition::effect::ConsumerId;
use crate::messaging::partition::entry::Change;
use crate::messaging::partition::log::{Fate, Record};
use crate::messaging::sharing::{AckMode, KeyOrder};

/// The most messages that wait for one of the same key before no new ones are looked at: they take
/// memory, and are found only by going through them.
pub const MOST_PARKED: usize = 1_000;

/// A message on its way to a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Where it is.
    pub offset: Offset,
    /// Which delivery.
    pub token: Token,
    /// Which one of this message, from 1.
    pub attempt: u32,
    /// When it came.
    pub published: Wall,
    /// The message.
    pub message: Arc<Message>,
    /// The entry that must be durable before it is handed on; zero where none must.
    pub after: u64,
}

impl Handed {
    /// As it is delivered.
    pub fn from(self, source: Arc<Source>) -> Delivery {
        let Self { offset, token, attempt, published, message, .. } = self;
        Delivery { id: DeliveryId { source, offset, token }, message, attempt, published }
    }
}

/// What is to be done with a message that the group has not seen.
enum New {
    Deliver,
    Skip,
    Park,
    Expired,
}

impl Reader {
    /// Whether it is worth to ask for a message.
    pub(in crate::messaging::partition) fn is_ready(&self, base: &Base) -> bool {
        !self.ready.is_empty() || self.window.frontier() < self.limit(base)
    }

    /// What it may see ends here.
    fn limit(&self, base: &Base) -> u64 {
        let is_committed = self.settings.as_ref().is_some_and(|settings| settings.committed_only);
        let end = base.log.horizon();
        if is_committed { end.min(base.unsettled) } else { end }
    }

    /// The next message, for somebody of the group.
    pub(in crate::messaging::partition) fn deliver(
        &mut self,
        consumer: ConsumerId,
        time_to_live: Option<Duration>,
        base: &mut Base,
    ) -> Option<Handed> {
        while let Some(offset) = self.ready.pop_first() {
            match self.judge(offset, time_to_live, base) {
                New::Expired => self.expire(offset, base),
                New::Skip => self.vanish(offset, base),
                New::Park => self.park(offset),
                New::Deliver => return self.hand(offset, consumer, base),
            }
        }
        while self.window.frontier() < self.limit(base) && self.keys.parked() < MOST_PARKED {
            let offset = self.window.frontier();
            if base.log.get(offset).is_none() {
                // What is gone is passed over, as far as that can be remembered.
                if self.window.skip_to(base.log.next(offset)) {
                    continue;
                }
                return None;
            }
            match self.judge(offset, time_to_live, base) {
                New::Skip => self.window.skip(),
                New::Park => self.window.push(Slot::new(State::Parked)),
                New::Expired => {
                    self.window.push(Slot::new(State::Ready));
                    self.expire(offset, base);
                }
                New::Deliver => {
                    self.window.push(Slot::new(State::Ready));
                    return self.hand(offset, consumer, base);
                }
            }
        }
        None
    }

    fn judge(&mut self, offset: u64, time_to_live: Option<Duration>, base: &Base) -> New {
        let Some(Record { message: Some(message), at, fate, .. }) = base.log.get(offset) else {
            return New::Skip;
        };
        let Some(settings) = &self.settings else { return New::Skip };
        if settings.committed_only && *fate == Fate::Aborted {
            return New::Skip;
        }
        let expires = message.expires.or_else(|| time_to_live.map(|most| *at + most));
        if expires.is_some_and(|expires| base.now.wall >= expires) {
            return New::Expired;
        }
        match (settings.key_order, &message.key) {
            (KeyOrder::Parked, Some(key)) if !self.keys.join(key, offset) => New::Park,
            _ => New::Deliver,
        }
    }

    fn expire(&mut self, offset: u64, base: &mut Base) {
        base.counts.expired += 1;
        self.doom(offset, "expired".into(), base);
    }

    /// A message that was seen is kept no more.
    fn vanish(&mut self, offset: u64, base: &mut Base) {
        base.counts.missed += 1;
        self.write(Change::Done(self.group.clone(), vec![Offset(offset)]), base);
        self.finish(offset, base);
    }

    fn hand(&mut self, offset: u64, consumer: ConsumerId, base: &mut Base) -> Option<Handed> {
        let settings = self.settings.as_ref()?;
        let record = base.log.get(offset)?;
        let (message, published) = (Arc::clone(record.message.as_ref()?), record.at);
        let (deadline, ack) = (base.now.time + settings.ack_wait, settings.ack);
        let token = base.token();
        let slot = self.window.get_mut(offset)?;
        let attempts = slot.attempts + 1;
        let state = State::InFlight;
        *slot = Slot { state, attempts, consumer, deadline, token: token.number };
        self.in_flight += 1;
        base.counts.delivered += 1;
        base.counts.redelivered += u64::from(attempts > 1);
        let mut after = 0;
        if ack == AckMode::OnDelivery {
            // What is not known to be done may be delivered again, so nobody sees it before that is.
            self.write(Change::Done(self.group.clone(), vec![Offset(offset)]), base);
            after = base.journal.last();
            base.counts.acked += 1;
            self.finish(offset, base);
            self.tidy(base);
        } else {
            self.deadlines.add(Deadline { at: deadline, offset, token: token.number });
        }
        let offset = Offset(offset);
        Some(Handed { offset, token, attempt: attempts, published, message, after })
    }
}
