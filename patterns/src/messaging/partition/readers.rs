use super::core::PartitionCore;
use super::effect::{Effect, ReaderId, Ticket};
use super::entry::Change;
use super::now::Now;
use super::reader::{Reader, ReaderSettings};
use crate::messaging::ids::Group;
use crate::messaging::start::Start;
use crate::messaging::topic::Keep;

impl PartitionCore {
    /// Lets a group read, from `start` if it is new here, and says as whom. Its settings are these from now on.
    pub fn read(
        &mut self,
        now: Now,
        group: &Group,
        start: Start,
        settings: ReaderSettings,
    ) -> ReaderId {
        self.base.now = now;
        let id = self.reader(group).unwrap_or_else(|| {
            let id = self.add_reader(group.clone());
            let (place, is_there) = self.place(start);
            let reader = self.readers.get_mut(&id).expect("it was just added");
            reader.configure(settings.clone(), &mut self.base);
            let place = if is_there { place } else { reader.reset(place, &mut self.base) };
            reader.seek(place, &mut self.base);
            id
        });
        if let Some(reader) = self.readers.get_mut(&id) {
            reader.configure(settings, &mut self.base);
        }
        id
    }

    /// The group of this name, if it reads.
    pub fn reader(&self, group: &Group) -> Option<ReaderId> {
        self.readers.iter().find(|(_, reader)| reader.group() == group).map(|(id, _)| *id)
    }

    pub(super) fn add_reader(&mut self, group: Group) -> ReaderId {
        let id = ReaderId(self.next_reader);
        self.next_reader += 1;
        self.readers.insert(id, Reader::new(id, group, self.base.log.start()));
        self.know_readers();
        id
    }

    /// What the only reader has done is needed by nobody; while it is not known who reads, nothing is.
    pub(super) fn know_readers(&mut self) {
        self.base.empties =
            !self.is_replayed && self.settings.keep == Keep::Unsettled && self.readers.len() == 1;
    }

    /// Where a place is, and whether that is where it was wanted.
    fn place(&self, start: Start) -> (u64, bool) {
        let log = &self.base.log;
        let (first, end) = (log.start(), log.end());
        match start {
            Start::Earliest => (first, true),
            Start::Latest => (end, true),
            Start::Last => (end.saturating_sub(1).max(first), true),
            Start::At(offset) if offset.0 < first || offset.0 > end => (first, false),
            Start::At(offset) => (offset.0, true),
            Start::Since(at) => (log.since(at), true),
        }
    }

    /// Forgets what a group has done, and the group.
    pub fn leave(&mut self, reader: ReaderId) {
        if let Some(reader) = self.readers.remove(&reader) {
            let left = self.base.journal.write(Change::Left(reader.group().clone()));
            // Where the others are dropped with it, nothing is left that it could be about.
            reader.entries().chain([left]).for_each(|entry| self.base.journal.forget(entry));
            self.know_readers();
        }
    }

    /// Has a group read on from another place. What it had is void.
    pub fn seek(&mut self, now: Now, ticket: Ticket, reader: ReaderId, to: Start) {
        self.base.now = now;
        let (place, is_there) = self.place(to);
        if let Some(reader) = self.readers.get_mut(&reader) {
            let place = if is_there { place } else { reader.reset(place, &mut self.base) };
            reader.seek(place, &mut self.base);
        }
        self.base.journal.answer(Effect::Done(ticket));
    }
}
