mod entry;
mod far;
mod near;
mod slots;
#[cfg(test)]
mod tests;

use cascadia_runtime::Time;

use self::entry::{Entry, instant, time};
use self::far::Far;
use self::near::Near;
use self::slots::Slots;
pub(crate) use self::slots::TimerKey;
use super::prefetch::prefetch;
use crate::engine::Class;

/// The event queue: hands out what was armed in (time, class, sequence) order.
pub(crate) struct Queue<T> {
    /// The earliest timers, none of them cancelled.
    near: Near,
    /// All others.
    far: Far,
    slots: Slots<T>,
    sequence: u64,
}

/// Up to so many timers are sorted at once.
const RUN: usize = 48;
/// So few timers are kept in order at all times.
const FEW: usize = 32;
/// Cancelled timers that may be far besides as many as are armed.
const SPARE: usize = 256;

impl<T> Queue<T> {
    pub(crate) const fn new() -> Self {
        Self { near: Near::new(), far: Far::new(), slots: Slots::new(), sequence: 0 }
    }

    /// Arms a timer. `at` must not lie before the latest time that was handed out.
    pub(crate) fn arm(&mut self, at: Time, class: Class, payload: T) -> TimerKey {
        let (instant, sequence) = (instant(at, class), self.sequence);
        self.sequence += 1;
        let slot = self.slots.insert(instant, sequence, payload);
        let entry = Entry { instant, sequence, slot };
        if self.is_near(entry) || self.far.is_empty() && self.near.len() < FEW {
            self.insert_near(entry);
        } else {
            self.far.put(entry);
        }
        TimerKey { slot, sequence }
    }

    /// Whether the timer has neither fired nor been cancelled.
    pub(crate) fn is_armed(&self, key: TimerKey) -> bool {
        self.slots.is_armed(key)
    }

    /// What an armed timer hands out.
    pub(crate) fn payload(&mut self, key: TimerKey) -> &mut T {
        self.slots.payload(key)
    }

    /// Disarms a timer.
    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<T> {
        if !self.is_armed(key) {
            return None;
        }
        let TimerKey { slot, sequence } = key;
        let entry = Entry { instant: self.slots.instant(slot), sequence, slot };
        if self.is_near(entry) {
            self.near.remove(entry);
        } else {
            self.far.take_out(entry);
        }
        let payload = self.slots.remove(slot);
        if self.far.dead() > SPARE + self.slots.armed() {
            self.far.sweep(&self.slots);
        }
        Some(payload)
    }

    /// The earliest timer, if it fires at `limit` or before.
    pub(crate) fn pop(&mut self, limit: Time) -> Option<(Time, T)> {
        let limit = instant(limit, Class::Deadline);
        while self.near.is_empty() {
            self.far.refill(&mut self.near, &self.slots, limit, RUN)?;
        }
        let entry = self.near.pop_first(limit)?;
        Some((time(entry.instant), self.slots.remove(entry.slot)))
    }

    /// Empties the queue and begins anew, handing out what was armed.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::replace(self, Self::new()).slots.into_payloads()
    }

    #[cfg(test)]
    fn armed(&self) -> usize {
        self.slots.armed()
    }

    /// Brings the timer that will be handed out after `ahead` others nearer to the processor.
    pub(crate) fn prefetch(&self, ahead: usize) {
        if let Some(entry) = self.near.get(ahead) {
            prefetch(self.slots.place(entry.slot));
        }
    }

    /// What will be handed out after `ahead` others, as far as that is known.
    pub(crate) fn upcoming(&self, ahead: usize) -> Option<&T> {
        self.near.get(ahead).and_then(|entry| self.slots.peek(entry.slot))
    }

    /// Whether an armed timer is among the near ones, or belongs there.
    fn is_near(&self, entry: Entry) -> bool {
        self.far.is_before(entry) || self.near.last().is_some_and(|last| entry <= last)
    }

    fn insert_near(&mut self, entry: Entry) {
        self.near.insert(entry);
        if self.near.len() > RUN && !self.near.last().is_some_and(|last| self.far.is_before(last)) {
            self.near.pop_last().into_iter().for_each(|last| self.far.put(last));
        }
    }
}
