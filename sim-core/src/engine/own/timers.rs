use std::task::Waker;

use cascadia_runtime::Time;

/// What runs first within one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Deliveries, completions, sleeps.
    Event = 0,
    /// Deadlines: after everything that is on time.
    Deadline = 1,
}

/// What a timer does when it fires.
pub(crate) enum Action {
    Wake(Waker),
    Call(Box<dyn FnOnce()>),
}

/// Names an armed timer; of no effect once that timer has fired or was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerKey {
    slot: u32,
    generation: u32,
}

/// The event queue: an indexed 4-ary heap ordered by (time, class, sequence).
///
/// Each entry knows its timer and each timer its entry, so that cancelling removes the entry at
/// once: a call with a timeout of 30 s that takes 1 ms leaves nothing behind.
#[derive(Default)]
pub(crate) struct Timers {
    heap: Vec<Entry>,
    slots: Vec<Slot>,
    free: Vec<u32>,
    sequence: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    at: u64,
    /// Class in the highest bit, sequence below.
    order: u64,
    slot: u32,
}

impl Entry {
    /// As one number, which is compared without a branch.
    fn key(&self) -> u128 {
        (u128::from(self.at) << 64) | u128::from(self.order)
    }
}

struct Slot {
    generation: u32,
    position: u32,
    action: Option<Action>,
}

const ARITY: usize = 4;

impl Timers {
    pub(crate) fn arm(&mut self, at: Time, class: Class, action: Action) -> TimerKey {
        let slot = self.claim(action);
        let order = ((class as u64) << 63) | self.sequence;
        self.sequence += 1;
        self.heap.push(Entry { at: at.as_nanos(), order, slot });
        self.sift_up(self.heap.len() - 1);
        TimerKey { slot, generation: self.slots[slot as usize].generation }
    }

    /// Whether the timer has neither fired nor been cancelled.
    pub(crate) fn is_armed(&self, key: TimerKey) -> bool {
        self.slots[key.slot as usize].generation == key.generation
    }

    /// Makes an armed timer wake another waker.
    pub(crate) fn set_waker(&mut self, key: TimerKey, waker: &Waker) {
        match &mut self.slots[key.slot as usize].action {
            Some(Action::Wake(held)) => held.clone_from(waker),
            _ => unreachable!("only sleeps change their waker"),
        }
    }

    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<Action> {
        if !self.is_armed(key) {
            return None;
        }
        let position = self.slots[key.slot as usize].position as usize;
        self.remove(position);
        Some(self.release(key.slot))
    }

    /// The earliest timer, if it fires at `limit` or before.
    pub(crate) fn pop(&mut self, limit: Time) -> Option<(Time, Action)> {
        let first = *self.heap.first()?;
        if first.at > limit.as_nanos() {
            return None;
        }
        self.remove(0);
        Some((Time::from_nanos(first.at), self.release(first.slot)))
    }

    /// Empties the queue, handing out what was armed.
    pub(crate) fn drain(&mut self) -> Vec<Action> {
        let entries = std::mem::take(&mut self.heap);
        entries.iter().map(|entry| self.release(entry.slot)).collect()
    }

    fn claim(&mut self, action: Action) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize].action = Some(action);
            return slot;
        }
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2³² timers are armed");
        self.slots.push(Slot { generation: 0, position: 0, action: Some(action) });
        slot
    }

    fn release(&mut self, slot: u32) -> Action {
        let held = &mut self.slots[slot as usize];
        held.generation = held.generation.wrapping_add(1);
        self.free.push(slot);
        held.action.take().expect("an armed timer has an action")
    }

    fn remove(&mut self, position: usize) {
        let last = self.heap.pop().expect("the entry is in the heap");
        if position == self.heap.len() {
            return;
        }
        self.heap[position] = last;
        if position > 0 && last.key() < self.heap[(position - 1) / ARITY].key() {
            self.sift_up(position);
        } else {
            self.sift_down(position);
        }
    }

    fn sift_up(&mut self, mut position: usize) {
        let entry = self.heap[position];
        while position > 0 {
            let parent = (position - 1) / ARITY;
            if self.heap[parent].key() <= entry.key() {
                break;
            }
            self.place(position, self.heap[parent]);
            position = parent;
        }
        self.place(position, entry);
    }

    fn sift_down(&mut self, mut position: usize) {
        let entry = self.heap[position];
        while let Some((child, least)) = self.least_child(position) {
            if entry.key() <= least.key() {
                break;
            }
            self.place(position, least);
            position = child;
        }
        self.place(position, entry);
    }

    fn least_child(&self, position: usize) -> Option<(usize, Entry)> {
        let first = position * ARITY + 1;
        let mut least = (first, *self.heap.get(first)?);
        let others = self.heap.len().min(first + ARITY);
        for (offset, entry) in self.heap[first + 1..others].iter().enumerate() {
            if entry.key() < least.1.key() {
                least = (first + 1 + offset, *entry);
            }
        }
        Some(least)
    }

    fn place(&mut self, position: usize, entry: Entry) {
        self.heap[position] = entry;
        self.slots[entry.slot as usize].position = position as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nothing() -> Action {
        Action::Wake(Waker::noop().clone())
    }

    #[derive(Clone, Debug)]
    enum Step {
        Arm(u64, bool),
        Cancel(usize),
        Pop(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (0..50u64, any::<bool>()).prop_map(|(at, late)| Step::Arm(at, late)),
            2 => any::<usize>().prop_map(Step::Cancel),
            2 => (0..60u64).prop_map(Step::Pop),
        ]
    }

    proptest! {
        #[test]
        fn pops_like_a_sorted_list(steps in prop::collection::vec(step(), 0..400)) {
            let mut timers = Timers::default();
            let mut reference: Vec<((u64, bool, usize), TimerKey)> = Vec::new();
            let mut ended: Vec<TimerKey> = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Arm(at, late) => {
                        let class = if late { Class::Deadline } else { Class::Event };
                        let key = timers.arm(Time::from_nanos(at), class, nothing());
                        reference.push(((at, late, number), key));
                        reference.sort_by_key(|(order, _)| *order);
                    }
                    Step::Cancel(which) if !reference.is_empty() => {
                        let (_, key) = reference.remove(which % reference.len());
                        prop_assert!(timers.cancel(key).is_some());
                        ended.push(key);
                    }
                    Step::Cancel(_) => {}
                    Step::Pop(limit) => {
                        let expected = reference.first().copied().filter(|((at, ..), _)| *at <= limit);
                        let popped = timers.pop(Time::from_nanos(limit)).map(|(at, _)| at.as_nanos());
                        prop_assert_eq!(popped, expected.map(|((at, ..), _)| at));
                        if let Some((_, key)) = expected {
                            reference.remove(0);
                            ended.push(key);
                        }
                    }
                }
                prop_assert!(reference.iter().all(|(_, key)| timers.is_armed(*key)));
                prop_assert!(ended.iter().all(|key| !timers.is_armed(*key)));
                prop_assert_eq!(timers.heap.len(), reference.len());
                prop_assert_eq!(timers.slots.len() - timers.free.len(), reference.len());
            }
        }
    }
}
