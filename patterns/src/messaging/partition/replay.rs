use super::core::PartitionCore;
use super::effect::ReaderId;
use super::entry::{Change, Entry, Placed};
use crate::messaging::identity::Numbered;
use crate::messaging::ids::Group;

impl PartitionCore {
    /// Does what an entry of an earlier life says. All that is kept is to be replayed, in its order, before anything
    /// else.
    ///
    /// # Panics
    ///
    /// When the entries are not in their order.
    pub fn replay(&mut self, entry: Entry) {
        let Entry { index, change } = entry;
        self.is_replayed = true;
        self.base.journal.on_replayed(index);
        match change {
            Change::Appended(appended) => {
                if let Some(Numbered { producer, first }) = appended.numbered {
                    let messages = appended.messages.len() as u32;
                    let offset = Some(appended.first);
                    let placed = Placed { first, messages, offset };
                    self.producers.add(appended.at, producer, placed);
                }
                self.take_in(&appended, index);
                self.base.log.show(index);
            }
            Change::Trimmed(start) => {
                let before = self.trimming.written(index);
                self.base.journal.forget(before);
                let gone = self.base.log.trim(start.0);
                gone.into_iter().for_each(|entry| self.base.journal.forget(entry));
                self.base.log.reach(start.0);
                self.readers.values_mut().for_each(|reader| reader.lift(start.0, &mut self.base));
            }
            Change::Ended(producer, commit) => self.end_at(producer, commit, index),
            Change::Producer(state) => self.producers.restore(state, index),
            Change::Seen(known) => {
                if let Some(last) = known.last().map(|known| known.at) {
                    self.seen.written(last, index);
                }
                known.into_iter().for_each(|known| self.seen.add(known));
            }
            Change::Left(group) => {
                if let Some(reader) = self.reader(&group) {
                    self.readers.remove(&reader);
                }
                self.base.journal.forget(index);
            }
            Change::Cursor(ref group, _)
            | Change::Done(ref group, _)
            | Change::Tried(ref group, _)
            | Change::Doomed(ref group, ..) => {
                let reader = self.replayed_reader(group);
                if let Some(reader) = self.readers.get_mut(&reader) {
                    reader.replay(index, change, &mut self.base);
                }
            }
        }
    }

    fn replayed_reader(&mut self, group: &Group) -> ReaderId {
        self.reader(group).unwrap_or_else(|| self.add_reader(group.clone()))
    }

    /// As [`begin`](Self::begin), where what was replayed is known to be durable up to an entry only: others may have
    /// to keep the rest first. What is behind it is not delivered until [`on_durable`](Self::on_durable) says so.
    pub fn begin_at(&mut self, durable: u64) {
        self.begin();
        self.base.journal.doubt(durable);
        self.base.log.hide(durable);
    }

    /// Everything was replayed: nothing of an earlier life is to be said.
    pub fn begin(&mut self) {
        self.is_replayed = false;
        self.know_readers();
        while self.poll_effect().is_some() {}
        self.base.counts = super::counts::Counts::default();
    }
}
