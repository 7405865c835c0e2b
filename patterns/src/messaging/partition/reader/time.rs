use cascadia_runtime::{Time, Wall};

use super::deadlines::Deadline;
use super::state::Reader;
use super::window::State;
use crate::messaging::ids::Offset;
use crate::messaging::partition::base::Base;
use crate::messaging::partition::effect::ConsumerId;
use crate::messaging::partition::entry::{Change, Cursor, Tried};
use crate::messaging::sharing::Abandoned;

/// Entries of a group that are worth no summary.
const SLACK: usize = 64;

impl Reader {
    /// When it has something to do by itself.
    pub(in crate::messaging::partition) fn next_deadline(&self) -> Time {
        let resting = self.resting.first().map_or(Time::MAX, |(at, _)| *at);
        self.deadlines.next().map_or(resting, |deadline| deadline.min(resting))
    }

    /// What rests enough is ready; what was not settled in time has failed.
    pub(in crate::messaging::partition) fn on_tick(&mut self, base: &mut Base) {
        while let Some((_, offset)) =
            self.resting.first().filter(|(at, _)| *at <= base.now.time).copied()
        {
            self.resting.pop_first();
            self.make_ready(offset);
        }
        while let Some(Deadline { offset, token, .. }) = self.deadlines.pop(base.now.time) {
            if !self.has(offset, token) {
                continue;
            }
            let at = self.window.get(offset).map_or(Time::ZERO, |slot| slot.deadline);
            if at > base.now.time {
                self.deadlines.add(Deadline { at, offset, token });
                continue;
            }
            base.counts.timed_out += 1;
            let pause = self.backoff(offset);
            self.fail(offset, pause, base);
        }
        self.tidy(base);
    }

    /// A consumer is gone: what it had is ready for others, or stays until its time is over.
    pub(in crate::messaging::partition) fn detach(
        &mut self,
        consumer: ConsumerId,
        base: &mut Base,
    ) {
        let abandoned = self.settings.as_ref().map(|settings| settings.abandoned);
        if abandoned == Some(Abandoned::Kept) {
            return;
        }
        let of_it = self
            .window
            .iter()
            .filter(|(_, slot)| slot.state == State::InFlight && slot.consumer == consumer);
        let of_it: Vec<_> = of_it.map(|(offset, _)| offset).collect();
        for offset in of_it {
            self.fail(offset, std::time::Duration::ZERO, base);
        }
        self.tidy(base);
    }

    /// Drops what is needed no more, where that is most.
    pub(super) fn tidy(&mut self, base: &mut Base) {
        let window = &self.window;
        let is_live = |deadline: &Deadline| {
            let slot = window.get(deadline.offset);
            slot.is_some_and(|slot| slot.state == State::InFlight && slot.token == deadline.token)
        };
        self.deadlines.tidy(self.in_flight, is_live);
        if self.entries.len() > SLACK.max(self.window.len() / 4) {
            self.sum_up(base);
        }
    }

    /// Writes down everything it knows, instead of what it has written before.
    pub(in crate::messaging::partition) fn sum_up(&mut self, base: &mut Base) {
        let cursor = self.cursor(base);
        let before = self.entries.len();
        self.write(Change::Cursor(self.group.clone(), cursor), base);
        self.entries.drain(..before).for_each(|entry| base.journal.forget(entry));
    }

    fn cursor(&self, base: &Base) -> Cursor {
        let mut cursor = Cursor { floor: Offset(self.window.floor()), ..Cursor::default() };
        for (offset, slot) in self.window.iter() {
            // Whether a delivery fails is not known before it does.
            let is_out = matches!(slot.state, State::InFlight | State::Held);
            let attempts = slot.attempts - u32::from(is_out);
            let at = Offset(offset);
            match slot.state {
                State::Done => match cursor.done.last_mut().filter(|(_, end)| *end == at) {
                    Some((_, end)) => *end = at.next(),
                    None => cursor.done.push((at, at.next())),
                },
                State::Resting => {
                    let until = base.now.wall_of(slot.deadline);
                    cursor.tried.push(Tried { offset: at, attempts, until });
                }
                _ if attempts > 0 => {
                    let until = Wall::EPOCH;
                    cursor.tried.push(Tried { offset: at, attempts, until });
                }
                _ => {}
            }
        }
        cursor.doomed = self.doomed.iter().map(|(at, why)| (Offset(*at), why.clone())).collect();
        cursor
    }
}
