use super::entry::Entry;

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
    /// When it fires; of a vacant slot, the next vacant one.
    instant: u64,
    /// [`VACANT`] unless armed.
    sequence: u64,
    payload: Option<T>,
}

/// The sequence of no timer.
const VACANT: u64 = u64::MAX;

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), vacant: 0, armed: 0 }
    }

    pub(super) fn armed(&self) -> usize {
        self.armed
    }

    pub(super) fn insert(&mut self, instant: u64, sequence: u64, payload: T) -> u32 {
        let index = self.vacant;
        let armed = Slot { instant, sequence, payload: Some(payload) };
        self.armed += 1;
        match self.slots.get_mut(index as usize) {
            Some(slot) => {
                self.vacant = slot.instant as u32;
                *slot = armed;
            }
            None => self.grow(armed),
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
        slot.instant = u64::from(self.vacant);
        slot.sequence = VACANT;
        self.vacant = index;
        self.armed -= 1;
        slot.payload.take().expect("an armed timer has a payload")
    }

    pub(super) fn is_armed(&self, key: TimerKey) -> bool {
        self.slots[key.slot as usize].sequence == key.sequence
    }

    /// Whether the timer of an entry is armed.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        self.slots[entry.slot as usize].sequence == entry.sequence
    }

    pub(super) fn instant(&self, index: u32) -> u64 {
        self.slots[index as usize].instant
    }

    pub(super) fn payload(&mut self, key: TimerKey) -> &mut T {
        debug_assert!(self.is_armed(key));
        self.slots[key.slot as usize].payload.as_mut().expect("an armed timer has a payload")
    }

    pub(super) fn peek(&self, index: u32) -> Option<&T> {
        self.slots[index as usize].payload.as_ref()
    }

    /// Where a timer is kept.
    pub(super) fn place(&self, index: u32) -> &impl Sized {
        &self.slots[index as usize]
    }

    pub(super) fn into_payloads(self) -> impl Iterator<Item = T> + use<T> {
        self.slots.into_iter().filter_map(|slot| slot.payload)
    }
}
