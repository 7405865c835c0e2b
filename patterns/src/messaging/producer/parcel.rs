use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::fate::{Doubt, Fate, NoRoom, Why};
use crate::messaging::{
    Acks, Batch, BrokerError, Message, Numbered, Offset, Partition, ProducerIdentity, Receipt,
    Sequence,
};

/// The place of a parcel among all, and of a part of one that was split.
pub(super) type Order = (u64, u32);

/// Messages that go together, with those who wait for their ends.
#[derive(Debug)]
pub(super) struct Parcel<W> {
    /// Its place among all parcels: those of a lane are sent in this order, also when sent again.
    pub(super) order: Order,
    /// Each with who waits for its end.
    pub(super) messages: Vec<(Arc<Message>, W)>,
    pub(super) bytes: usize,
    pub(super) opened: Time,
    /// When the time of its first message is over.
    pub(super) deadline: Time,
    pub(super) numbered: Option<Numbered>,
    /// How many of its lane were sent before it.
    pub(super) place: Option<u64>,
    pub(super) tries: u32,
    pub(super) rested: Duration,
    /// The last answer.
    error: Option<BrokerError>,
    /// A try of it may have happened.
    pub(super) doubtful: bool,
}

impl<W> Parcel<W> {
    pub(super) fn new(order: Order, now: Time, timeout: Duration) -> Self {
        Self {
            order,
            messages: Vec::new(),
            bytes: 0,
            opened: now,
            deadline: now + timeout,
            numbered: None,
            place: None,
            tries: 0,
            rested: Duration::ZERO,
            error: None,
            doubtful: false,
        }
    }

    pub(super) fn add(&mut self, message: Arc<Message>, waiter: W) {
        self.bytes += message.size();
        self.messages.push((message, waiter));
    }

    pub(super) fn number(&mut self, producer: ProducerIdentity, first: Sequence) {
        self.numbered = Some(Numbered { producer, first });
    }

    /// The number of the message behind it.
    pub(super) fn after(&self) -> Option<Sequence> {
        self.numbered.map(|numbered| numbered.first.after(self.messages.len() as u32))
    }

    /// Whether what the broker expects lies behind it, so that it is there.
    pub(super) fn is_before(&self, expected: Sequence) -> bool {
        const HALF: u32 = 1 << 30;
        let ahead =
            |it: Numbered| expected.get().wrapping_sub(it.first.get()) & Sequence::MAX.get();
        self.numbered.map(ahead).is_some_and(|ahead| ahead > 0 && ahead < HALF)
    }

    pub(super) fn batch(&self, to: Partition, acks: Acks) -> Batch {
        let messages = self.messages.iter().map(|(message, _)| Arc::clone(message)).collect();
        let numbered = self.numbered;
        Batch { to, messages, acks, numbered, transactional: false }
    }

    pub(super) fn failed(&mut self, error: BrokerError) {
        self.tries += 1;
        self.doubtful |= !error.is_nothing();
        self.error = Some(error);
    }

    /// Whether nobody took it last who might have taken a copy of it by now.
    pub(super) fn was_away(&self) -> bool {
        matches!(self.error, Some(BrokerError::Unavailable(_)))
    }

    /// Each message in a parcel of its own, under the number that it has.
    pub(super) fn split(self) -> impl Iterator<Item = Self> {
        let Self { order: (order, _), opened, deadline, numbered, tries, rested, .. } = self;
        let messages = self.messages.into_iter().zip(0_u32..);
        messages.map(move |((message, waiter), place)| {
            let numbered = numbered.map(|it| Numbered { first: it.first.after(place), ..it });
            let mut single = Self::new((order, place), opened, Duration::ZERO);
            single.add(message, waiter);
            Self { deadline, numbered, tries, rested, ..single }
        })
    }

    /// What became of its messages, which the broker has taken.
    pub(super) fn accepted(
        self,
        to: Partition,
        acks: Acks,
        receipt: Receipt,
    ) -> impl Iterator<Item = (W, Fate)> {
        let all = self.messages.len() as u32;
        let is_whole = receipt.added == all || receipt.duplicates == all;
        let kept = all.saturating_sub(receipt.dropped);
        let fate = move |place: u32| {
            if acks == Acks::None {
                return Fate::Unknown(Doubt::NotAsked);
            }
            if place >= kept {
                return Fate::Dropped(NoRoom::Topic);
            }
            let first = receipt.first.filter(|_| is_whole || place == 0);
            let offset = first.map(|Offset(first)| Offset(first + u64::from(place)));
            Fate::Confirmed { partition: to.clone(), offset }
        };
        self.messages.into_iter().zip(0..).map(move |((_, waiter), place)| (waiter, fate(place)))
    }

    /// What became of its messages, which will not be sent again.
    pub(super) fn given_up(self, is_refused: bool) -> impl Iterator<Item = (W, Fate)> {
        let fate = match (self.doubtful, self.error) {
            (true, Some(error)) => Fate::Unknown(Doubt::NoAnswer(error)),
            (_, Some(error)) if is_refused => Fate::Failed(Why::Broker(error)),
            (_, error) => Fate::Failed(Why::Expired(error)),
        };
        self.messages.into_iter().map(move |(_, waiter)| (waiter, fate.clone()))
    }
}
