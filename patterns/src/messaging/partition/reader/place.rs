use std::sync::Arc;

use super::state::Reader;
use super::window::{Slot, State, Window};
use crate::messaging::ids::Offset;
use crate::messaging::partition::base::Base;
use crate::messaging::partition::effect::Effect;
use crate::messaging::partition::entry::{Change, Cursor, Tried};
use crate::messaging::start::Reset;

impl Reader {
    /// Reads on from another place. What it had is void.
    pub(in crate::messaging::partition) fn seek(&mut self, to: u64, base: &mut Base) {
        self.clear(to, base);
        self.sum_up(base);
    }

    fn clear(&mut self, floor: u64, base: &mut Base) {
        for offset in self.window.floor()..self.window.frontier() {
            self.take(offset, base);
        }
        self.window = Window::new(floor);
        self.ready.clear();
        self.resting.clear();
        self.deadlines.clear();
        self.keys.clear();
        self.doomed.clear();
    }

    /// What is before `start` is kept no more.
    pub(in crate::messaging::partition) fn lift(&mut self, start: u64, base: &mut Base) {
        let frontier = self.window.frontier();
        if frontier < start {
            let missed = start - frontier;
            let left = self.unsettled();
            base.counts.missed += missed + left;
            let to = self.reset(start, base);
            base.journal.say(Effect::Gap(self.id, Offset(frontier), Offset(to)));
            return self.clear(to, base);
        }
        for offset in self.window.floor()..start {
            let slot = self.window.get(offset);
            if slot.is_some_and(|slot| slot.state != State::Done) {
                base.counts.missed += 1;
                self.finish(offset, base);
            }
        }
    }

    /// Where it goes on that wanted what is not there.
    pub(in crate::messaging::partition) fn reset(&self, start: u64, base: &mut Base) -> u64 {
        match self.settings.as_ref().map(|settings| settings.reset) {
            Some(Reset::Latest) => base.log.end(),
            Some(Reset::Fail) => {
                base.journal.say(Effect::OutOfRange(self.id));
                start
            }
            Some(Reset::Earliest) | None => start,
        }
    }

    /// Does again what an entry says that it did in an earlier life.
    pub(in crate::messaging::partition) fn replay(
        &mut self,
        entry: u64,
        change: Change,
        base: &mut Base,
    ) {
        self.entries.push(entry);
        match change {
            Change::Cursor(_, cursor) => self.replay_cursor(entry, cursor, base),
            Change::Done(_, offsets) => {
                offsets.into_iter().for_each(|offset| self.replay_done(offset.0, base));
            }
            Change::Tried(_, tried) => self.replay_tried(tried, base),
            Change::Doomed(_, offset, why) => self.replay_doomed(offset.0, why, base),
            _ => {}
        }
    }

    fn replay_cursor(&mut self, entry: u64, cursor: Cursor, base: &mut Base) {
        self.clear(cursor.floor.0, base);
        self.entries = vec![entry];
        for (from, to) in cursor.done {
            (from.0..to.0).for_each(|offset| self.replay_done(offset, base));
        }
        cursor.tried.into_iter().for_each(|tried| self.replay_tried(tried, base));
        let doomed = cursor.doomed.into_iter();
        doomed.for_each(|(offset, why)| self.replay_doomed(offset.0, why, base));
    }

    /// Sees everything up to an offset, unless it has.
    pub(super) fn reach(&mut self, offset: u64) {
        while self.window.frontier() <= offset {
            self.ready.insert(self.window.frontier());
            self.window.push(Slot::new(State::Ready));
        }
    }

    fn replay_done(&mut self, offset: u64, base: &mut Base) {
        if offset >= self.window.floor() {
            self.reach(offset);
            self.finish(offset, base);
        }
    }

    fn replay_tried(&mut self, tried: Tried, base: &mut Base) {
        let offset = tried.offset.0;
        self.reach(offset);
        self.take(offset, base);
        let until = base.now.time_of(tried.until);
        let rests = tried.until > base.now.wall;
        let Some(slot) = self.window.get_mut(offset) else { return };
        slot.attempts = tried.attempts;
        if rests {
            (slot.state, slot.deadline) = (State::Resting, until);
            self.resting.insert((until, offset));
        } else {
            self.make_ready(offset);
        }
    }

    fn replay_doomed(&mut self, offset: u64, why: Arc<str>, base: &mut Base) {
        self.reach(offset);
        self.take(offset, base);
        if let Some(slot) = self.window.get_mut(offset) {
            slot.state = State::Doomed;
            self.doomed.insert(offset, why);
        }
    }
}
