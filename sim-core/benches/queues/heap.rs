//! The queues that were not chosen: a 4-ary heap that removes a cancelled timer at once, and one
//! that leaves it and clears up when there are too many of the kind.

use crate::contender::Contender;

/// A heap; `INDEXED`, its slots know where their entries are.
#[derive(Default)]
pub(crate) struct Heap<const INDEXED: bool> {
    entries: Vec<Entry>,
    slots: Vec<Slot>,
    free: Vec<u32>,
    sequence: u64,
    dead: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    at: u64,
    sequence: u64,
    slot: u32,
}

impl Entry {
    fn key(&self) -> u128 {
        u128::from(self.at) << 64 | u128::from(self.sequence)
    }
}

#[derive(Clone, Copy)]
struct Slot {
    /// Of no timer where the slot is free.
    sequence: u64,
    position: u32,
    payload: u32,
}

const ARITY: usize = 4;
const FREE: u64 = u64::MAX;
const SPARE: usize = 256;

impl<const INDEXED: bool> Contender for Heap<INDEXED> {
    type Key = (u32, u64);

    fn arm(&mut self, at: u64, payload: u32) -> Self::Key {
        let sequence = self.sequence;
        self.sequence += 1;
        let held = Slot { sequence, position: 0, payload };
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(held);
            self.slots.len() as u32 - 1
        });
        self.slots[slot as usize] = held;
        self.entries.push(Entry { at, sequence, slot });
        self.sift_up(self.entries.len() - 1);
        (slot, sequence)
    }

    fn cancel(&mut self, (slot, sequence): Self::Key) {
        if self.slots[slot as usize].sequence != sequence {
            return;
        }
        let position = self.slots[slot as usize].position as usize;
        self.release(slot);
        if INDEXED {
            return self.remove(position);
        }
        self.dead += 1;
        if self.dead > SPARE + self.slots.len() - self.free.len() {
            let slots = &self.slots;
            self.entries.retain(|entry| slots[entry.slot as usize].sequence == entry.sequence);
            self.dead = 0;
            (0..self.entries.len() / ARITY + 1).rev().for_each(|place| self.sift_down(place));
        }
    }

    fn pop(&mut self) -> Option<(u64, u32)> {
        loop {
            let first = *self.entries.first()?;
            self.remove(0);
            let Slot { sequence, payload, .. } = self.slots[first.slot as usize];
            if sequence == first.sequence {
                self.release(first.slot);
                return Some((first.at, payload));
            }
            self.dead -= 1;
        }
    }
}

impl<const INDEXED: bool> Heap<INDEXED> {
    fn release(&mut self, slot: u32) {
        self.slots[slot as usize].sequence = FREE;
        self.free.push(slot);
    }

    fn remove(&mut self, position: usize) {
        let last = self.entries.pop().expect("the entry is in the heap");
        if position == self.entries.len() {
            return;
        }
        self.entries[position] = last;
        if position > 0 && last.key() < self.entries[(position - 1) / ARITY].key() {
            self.sift_up(position);
        } else {
            self.sift_down(position);
        }
    }

    fn sift_up(&mut self, mut position: usize) {
        let entry = self.entries[position];
        while position > 0 {
            let parent = (position - 1) / ARITY;
            if self.entries[parent].key() <= entry.key() {
                break;
            }
            self.place(position, self.entries[parent]);
            position = parent;
        }
        self.place(position, entry);
    }

    fn sift_down(&mut self, mut position: usize) {
        let Some(&entry) = self.entries.get(position) else { return };
        loop {
            let children =
                position * ARITY + 1..(position * ARITY + 1 + ARITY).min(self.entries.len());
            let least = children.min_by_key(|child| self.entries[*child].key());
            let Some(least) = least.filter(|least| self.entries[*least].key() < entry.key()) else {
                break;
            };
            self.place(position, self.entries[least]);
            position = least;
        }
        self.place(position, entry);
    }

    fn place(&mut self, position: usize, entry: Entry) {
        self.entries[position] = entry;
        if INDEXED {
            self.slots[entry.slot as usize].position = position as u32;
        }
    }
}
