use std::ptr::NonNull;

use crate::engine::own::prefetch::prefetch;

/// Names an armed timer; of no effect once that timer has fired or was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerKey {
    pub(super) slot: u32,
    pub(super) sequence: u64,
}

/// The slab of armed timers.
pub(super) struct Slots<T> {
    slots: Vec<Slot<T>>,
    /// The first of the vacant slots, which are chained.
    vacant: u32,
    armed: usize,
}

struct Slot<T> {
    /// Of a vacant slot, [`VACANT`] and the next one.
    sequence: u64,
    payload: Option<T>,
}

/// In the sequence of no timer.
const VACANT: u64 = 1 << 63;

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), vacant: 0, armed: 0 }
    }

    pub(super) fn armed(&self) -> usize {
        self.armed
    }

    pub(super) fn insert(&mut self, sequence: u64, payload: T) -> u32 {
        let index = self.vacant;
        self.armed += 1;
        match self.slots.get_mut(index as usize) {
            Some(slot) => {
                self.vacant = slot.sequence as u32;
                slot.sequence = sequence;
                slot.payload = Some(payload);
            }
            None => self.grow(Slot { sequence, payload: Some(payload) }),
        }
        index
    }

    #[cold]
    fn grow(&mut self, armed: Slot<T>) {
        self.slots.push(armed);
        self.vacant = u32::try_from(self.slots.len()).expect("fewer than 2³² timers are armed");
    }

    pub(super) fn remove(&mut self, index: u32) -> T {
        let slot = &mut self.slots[index as usize];
        slot.sequence = VACANT | u64::from(self.vacant);
        self.vacant = index;
        self.armed -= 1;
        slot.payload.take().expect("an armed timer has a payload")
    }

    /// Whether the slot holds the timer with this sequence.
    pub(super) fn holds(&self, index: u32, sequence: u64) -> bool {
        self.slots[index as usize].sequence == sequence
    }

    pub(super) fn payload(&mut self, index: u32) -> &mut T {
        self.slots[index as usize].payload.as_mut().expect("an armed timer has a payload")
    }

    pub(super) fn peek(&self, index: u32) -> Option<&T> {
        self.slots[index as usize].payload.as_ref()
    }

    pub(super) fn prefetch(&self, index: u32) {
        prefetch(NonNull::from_ref(&self.slots[index as usize]));
    }

    pub(super) fn into_payloads(self) -> impl Iterator<Item = T> + use<T> {
        self.slots.into_iter().filter_map(|slot| slot.payload)
    }
}
