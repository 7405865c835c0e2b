use std::collections::VecDeque;

use cascadia_runtime::Time;

use crate::messaging::partition::effect::ConsumerId;

/// What a group has of a partition between what it is done with and what it has not seen.
#[derive(Debug, Default)]
pub(super) struct Window {
    floor: u64,
    slots: VecDeque<Slot>,
    /// How many of them are done.
    done: u64,
}

/// The most places that are remembered although nothing is there.
const MOST_GAP: u64 = 1_000;

/// A message of the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) state: State,
    pub(super) attempts: u32,
    /// The newest delivery: to whom, until when, and which one.
    pub(super) consumer: ConsumerId,
    pub(super) deadline: Time,
    pub(super) token: u64,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// To be delivered at once.
    Ready,
    /// To be delivered later.
    Resting,
    /// To be delivered when one of the same key is done.
    Parked,
    InFlight,
    /// In flight, and to be acknowledged by a transaction that is about to end.
    Held,
    /// On its way to the dead letters.
    Doomed,
    Done,
}

impl Slot {
    pub(super) const fn new(state: State) -> Self {
        let (consumer, deadline) = (ConsumerId(0), Time::ZERO);
        Self { state, attempts: 0, consumer, deadline, token: 0 }
    }
}

impl Window {
    pub(super) fn new(floor: u64) -> Self {
        Self { floor, slots: VecDeque::new(), done: 0 }
    }

    /// The first offset that the group is not done with.
    pub(super) fn floor(&self) -> u64 {
        self.floor
    }

    /// The first offset that it has not seen.
    pub(super) fn frontier(&self) -> u64 {
        self.floor + self.slots.len() as u64
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    fn place(&self, offset: u64) -> Option<usize> {
        usize::try_from(offset.checked_sub(self.floor)?).ok()
    }

    pub(super) fn get(&self, offset: u64) -> Option<&Slot> {
        self.slots.get(self.place(offset)?)
    }

    pub(super) fn get_mut(&mut self, offset: u64) -> Option<&mut Slot> {
        let place = self.place(offset)?;
        self.slots.get_mut(place)
    }

    pub(super) fn push(&mut self, slot: Slot) {
        self.slots.push_back(slot);
    }

    /// Passes over an offset at which nothing is to be done.
    pub(super) fn skip(&mut self) {
        match self.slots.is_empty() {
            true => self.floor += 1,
            false => {
                self.slots.push_back(Slot::new(State::Done));
                self.done += 1;
            }
        }
    }

    /// Passes over what is not there any more, unless that is too much to remember for what lies before it.
    pub(super) fn skip_to(&mut self, offset: u64) -> bool {
        match self.slots.is_empty() {
            true => self.floor = offset,
            false if offset - self.frontier() > MOST_GAP => return false,
            false => (self.frontier()..offset).for_each(|_| self.skip()),
        }
        true
    }

    pub(super) fn finish(&mut self, offset: u64) {
        if let Some(slot) = self.get_mut(offset).filter(|slot| slot.state != State::Done) {
            slot.state = State::Done;
            self.done += 1;
        }
        while self.slots.front().is_some_and(|slot| slot.state == State::Done) {
            self.slots.pop_front();
            self.floor += 1;
            self.done -= 1;
        }
    }

    /// How many it has that are not done.
    pub(super) fn left(&self) -> u64 {
        self.slots.len() as u64 - self.done
    }

    /// What it has from the floor on, by offset.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &Slot)> {
        (self.floor..).zip(&self.slots)
    }
}
