use std::collections::BTreeMap;

use cascadia_runtime::Time;

use super::base::Base;
use super::counts::Counts;
use super::effect::{ConsumerId, Deceased, Effect, ReaderId, Ticket};
use super::entry::Entry;
use super::journal::Journal;
use super::log::Log;
use super::now::Now;
use super::open::Open;
use super::overflowed::Overflowed;
use super::producers::Producers;
use super::reader::{Handed, Reader};
use super::seen::Seen;
use super::trimming::Trimming;
use crate::config::assert_checked;
use crate::messaging::delivery::Token;
use crate::messaging::ids::{Offset, Partition};
use crate::messaging::lag::Lag;
use crate::messaging::settle::Settle;
use crate::messaging::topic::TopicSettings;

/// One partition: a log of messages, and what each group has done of it.
///
/// - *Events*: [`publish`](Self::publish), [`settle`](Self::settle), [`end`](Self::end) and others; and
///   [`on_tick`](Self::on_tick), which is due at [`next_deadline`](Self::next_deadline).
/// - *Output*: after one or several of them, [`take_entries`](Self::take_entries) has what is to be made durable, of which
///   [`on_durable`](Self::on_durable) is to be told, and [`poll_effect`](Self::poll_effect) what is to be said and done.
/// - *Deliveries* are fetched with [`deliver`](Self::deliver).
///
/// Time must not go back from one event to the next; the wall clock may.
#[derive(Debug)]
pub struct PartitionCore {
    pub(super) settings: TopicSettings,
    pub(super) base: Base,
    pub(super) producers: Producers,
    pub(super) seen: Seen,
    pub(super) open: Open,
    pub(super) readers: BTreeMap<ReaderId, Reader>,
    pub(super) trimming: Trimming,
    pub(super) overflowed: Overflowed,
    pub(super) next_reader: u32,
    /// Entries of an earlier life are replayed.
    pub(super) is_replayed: bool,
}

impl PartitionCore {
    /// An empty one, in its `term`-th life: no two lives may have the same term.
    ///
    /// # Panics
    ///
    /// When the settings do not pass their check.
    pub fn new(name: Partition, settings: TopicSettings, term: u64, now: Now) -> Self {
        assert_checked(settings.check());
        let (log, journal, counts) = (Log::default(), Journal::new(), Counts::default());
        let (tokens, unsettled, empties) = (0, u64::MAX, false);
        Self {
            settings,
            base: Base { name, now, log, journal, counts, term, tokens, unsettled, empties },
            producers: Producers::default(),
            seen: Seen::default(),
            open: Open::default(),
            readers: BTreeMap::new(),
            trimming: Trimming::default(),
            overflowed: Overflowed::default(),
            next_reader: 0,
            is_replayed: false,
        }
    }

    /// Has other settings from now on.
    ///
    /// # Panics
    ///
    /// When they do not pass their check.
    pub fn configure(&mut self, settings: TopicSettings) {
        assert_checked(settings.check());
        self.settings = settings;
        self.know_readers();
    }

    /// Whether it is worth to ask for a message for a group.
    pub fn is_ready(&mut self, reader: ReaderId) -> bool {
        self.base.unsettled = self.open.first();
        self.readers.get(&reader).is_some_and(|reader| reader.is_ready(&self.base))
    }

    /// The next message of a group, for one of its consumers.
    pub fn deliver(&mut self, now: Now, reader: ReaderId, consumer: ConsumerId) -> Option<Handed> {
        self.base.now = now;
        self.base.unsettled = self.open.first();
        let reader = self.readers.get_mut(&reader)?;
        let handed = reader.deliver(consumer, self.settings.time_to_live, &mut self.base);
        if handed.as_ref().is_some_and(|handed| handed.after > 0) {
            self.trim_settled();
        }
        handed
    }

    /// Says what is to become of some deliveries, which is answered in their order.
    pub fn settle(
        &mut self,
        now: Now,
        ticket: Ticket,
        reader: ReaderId,
        ids: &[(Offset, Token)],
        settle: &Settle,
    ) {
        self.base.now = now;
        let settled = match self.readers.get_mut(&reader) {
            Some(reader) => reader.settle(ids, settle, &mut self.base),
            None => ids.iter().map(|_| crate::messaging::settle::Settled::Stale).collect(),
        };
        self.trim_settled();
        self.base.journal.answer(Effect::Settled(ticket, settled));
    }

    /// A consumer is gone: what it had is ready for others at once.
    pub fn detach(&mut self, now: Now, reader: ReaderId, consumer: ConsumerId) {
        self.base.now = now;
        if let Some(reader) = self.readers.get_mut(&reader) {
            reader.detach(consumer, &mut self.base);
        }
    }

    /// A dead message is in the dead letters for good, or can never be.
    pub fn on_buried(&mut self, now: Now, of: Deceased) {
        self.base.now = now;
        match of {
            Deceased::Delivered(reader, offset) => {
                if let Some(reader) = self.readers.get_mut(&reader) {
                    reader.on_buried(offset.0, &mut self.base);
                }
                self.trim_settled();
            }
            Deceased::Overflowed(number) => self.on_overflow_buried(number),
        }
    }

    /// When it has something to do by itself.
    pub fn next_deadline(&self) -> Time {
        let readers = self.readers.values().map(Reader::next_deadline);
        readers.fold(self.next_trim(), Time::min)
    }

    /// Does what is due.
    pub fn on_tick(&mut self, now: Now) {
        self.base.now = now;
        self.readers.values_mut().for_each(|reader| reader.on_tick(&mut self.base));
        self.trim_old();
    }

    /// Appends what is to be made durable, in this order, and which entries of before are needed no more: these may be
    /// dropped when the new ones are durable, or with them.
    pub fn take_entries(&mut self, entries: &mut Vec<Entry>, forgotten: &mut Vec<u64>) {
        self.base.journal.take(entries, forgotten);
    }

    /// Whether [`take_entries`](Self::take_entries) has anything.
    pub fn has_written(&self) -> bool {
        self.base.journal.has_written()
    }

    /// Everything up to this entry is durable.
    pub fn on_durable(&mut self, upto: u64) {
        self.base.journal.on_durable(upto);
        self.base.log.show(upto);
        self.open.on_durable(upto);
    }

    /// Whether an entry is durable; zero is none, and always is.
    pub fn is_durable(&self, entry: u64) -> bool {
        self.base.journal.is_durable(entry)
    }

    /// Which partition it is.
    pub fn name(&self) -> &Partition {
        &self.base.name
    }

    /// The next that is to be said or done.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.base.journal.poll()
    }

    /// What has happened since the process began.
    pub fn counts(&self) -> Counts {
        self.base.counts
    }

    /// The oldest message that is kept, and where the next one will be.
    pub fn bounds(&self) -> (Offset, Offset) {
        (Offset(self.base.log.start()), Offset(self.base.log.end()))
    }

    /// How far a group is behind.
    pub fn lag(&self, now: Now, reader: ReaderId) -> Lag {
        let Some(reader) = self.readers.get(&reader) else { return Lag::default() };
        let log = &self.base.log;
        let left = reader.unsettled() + log.end().saturating_sub(reader.frontier());
        let oldest = log.get(reader.floor()).map(|record| now.wall.since(record.at));
        Lag {
            messages: left,
            in_flight: reader.in_flight() as u64,
            oldest: oldest.unwrap_or_default(),
        }
    }
}
