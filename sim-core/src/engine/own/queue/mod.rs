//! The event queue.
//!
//! Every event passes it, so it bounds what a simulator can do. The obvious choice is a binary
//! heap; it makes each event compare its way through memory that is too much for the caches. What
//! is here sorts only what comes next, a run of [`RUN`] timers in an array, and keeps the rest in
//! buckets by digits of their time, in no order at all (a radix heap: Ahuja, Mehlhorn, Orlin and
//! Tarjan 1990). A timer is moved a few times before its turn, each time to the end of an array.
//!
//! The common case is a timeout that is cancelled. Its slot is free again at once, and its entry,
//! 24 bytes, stays until its turn comes or the entries of the kind outnumber the others, when all
//! are swept out together: the cost of a cancel is constant on average, and memory is at most twice
//! what the armed timers need.
//!
//! Nanoseconds for an operation, on an AMD EPYC (`cargo bench -p cascadia-sim-core --bench queues`).
//! `hold` takes out the earliest timer and arms another, `timeout` does that and cancels and arms a
//! timer for thirty seconds later:
//!
//! | timers | | these buckets | indexed 4-ary heap | lazily compacted 4-ary heap |
//! |---:|---|---:|---:|---:|
//! | 100 | hold | 31 | 56 | 47 |
//! | | timeout | 43 | 76 | 77 |
//! | 1 000 | hold | 30 | 80 | 72 |
//! | | timeout | 44 | 102 | 96 |
//! | 10 000 | hold | 41 | 105 | 102 |
//! | | timeout | 68 | 143 | 152 |
//! | 100 000 | hold | 79 | 166 | 165 |
//! | | timeout | 221 | 541 | 532 |
//!
//! With very many tasks memory is what costs, not the queue: while one event is
//! worked off, the slots, tasks and futures of those after it are fetched.

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
use crate::engine::Class;

/// The event queue: hands out what was armed in (time, class, sequence) order.
pub(crate) struct Queue<T> {
    /// The earliest timers, in order.
    near: Near,
    /// All others.
    far: Far,
    slots: Slots<T>,
    sequence: u64,
    /// Cancelled timers whose entries are still there.
    dead: usize,
}

/// Up to so many timers are sorted at once.
const RUN: usize = 48;
/// So few timers are kept in order at all times.
const FEW: usize = 16;
/// Entries of cancelled timers that may be there besides as many as are armed.
const SPARE: usize = 256;

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { near: Near::new(), far: Far::new(), slots: Slots::new(), sequence: 0, dead: 0 }
    }

    /// Arms a timer. `at` must not lie before the latest time that was handed out.
    pub(crate) fn arm(&mut self, at: Time, class: Class, payload: T) -> TimerKey {
        let sequence = self.sequence;
        self.sequence += 1;
        let slot = self.slots.insert(sequence, payload);
        self.put(Entry { instant: instant(at, class), sequence, slot });
        TimerKey { slot, sequence }
    }

    /// How many timers are armed.
    pub(crate) fn armed(&self) -> usize {
        self.slots.armed()
    }

    /// Whether the timer has neither fired nor been cancelled.
    pub(crate) fn is_armed(&self, key: TimerKey) -> bool {
        self.slots.holds(key.slot, key.sequence)
    }

    /// What an armed timer hands out.
    pub(crate) fn payload(&mut self, key: TimerKey) -> &mut T {
        debug_assert!(self.is_armed(key));
        self.slots.payload(key.slot)
    }

    /// Disarms a timer. Its entry stays until its turn comes or there are too many of the kind.
    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<T> {
        if !self.is_armed(key) {
            return None;
        }
        self.dead += 1;
        let payload = self.slots.remove(key.slot);
        if self.dead > SPARE + self.slots.armed() {
            self.sweep();
        }
        Some(payload)
    }

    /// The earliest timer, if it fires at `limit` or before.
    pub(crate) fn pop(&mut self, limit: Time) -> Option<(Time, T)> {
        let limit = instant(limit, Class::Deadline);
        loop {
            while self.near.is_empty() {
                self.far.refill(&mut self.near, limit, RUN)?;
            }
            let entry = self.near.pop_first(limit)?;
            if self.slots.holds(entry.slot, entry.sequence) {
                return Some((time(entry.instant), self.slots.remove(entry.slot)));
            }
            self.dead -= 1;
        }
    }

    /// Empties the queue and begins anew, handing out what was armed.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::replace(self, Self::new()).slots.into_payloads()
    }

    /// Brings the timer that will be handed out after `ahead` others nearer to the processor.
    pub(crate) fn prefetch(&self, ahead: usize) {
        if let Some(entry) = self.near.get(ahead) {
            self.slots.prefetch(entry.slot);
        }
    }

    /// What will be handed out after `ahead` others, as far as that is known.
    pub(crate) fn upcoming(&self, ahead: usize) -> Option<&T> {
        self.near.get(ahead).and_then(|entry| self.slots.peek(entry.slot))
    }

    /// Puts an entry into its place. What is not later than `base` or than something near has to
    /// be near; a few are where there are no others.
    fn put(&mut self, entry: Entry) {
        let last = self.near.last();
        let is_near = self.far.is_before(entry)
            || last.is_some_and(|last| entry < last)
            || (self.far.is_empty() && self.near.len() < FEW);
        if !is_near {
            return self.far.put(entry);
        }
        self.near.insert(entry);
        if self.near.len() > RUN && !last.is_some_and(|last| self.far.is_before(last)) {
            self.near.pop_last().into_iter().for_each(|last| self.far.put(last));
        }
    }

    /// Takes out the entries of cancelled timers.
    #[cold]
    fn sweep(&mut self) {
        let slots = &self.slots;
        let live = |entry: &Entry| slots.holds(entry.slot, entry.sequence);
        self.near.retain(live);
        self.far.retain(live);
        self.dead = 0;
    }
}
