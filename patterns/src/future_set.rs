//! Futures that one task waits for, however many they are.
//!
//! A task for each costs a place with whoever runs tasks, a turn of its own when it is woken and another one for whoever
//! waits for it. Polling all of them whenever one is woken costs more with each that waits.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use crate::sync::lock;

/// Futures of which each is polled only when it was woken, in the order in which they were.
///
/// Slots and wakers are used again, so that a steady state allocates only futures.
pub(crate) struct FutureSet<G, F> {
    slots: Vec<Slot<G, F>>,
    free: Vec<u32>,
    woken: Arc<Woken>,
}

/// Names a future; of no effect once that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    slot: u32,
    generation: u64,
}

struct Slot<G, F> {
    /// What waits, with what it is about.
    work: Option<(G, F)>,
    generation: u64,
    bell: Arc<Bell>,
    /// What `bell` is as a waker.
    waker: Waker,
}

/// Wakes one slot.
struct Bell {
    slot: u32,
    /// It is in the line.
    rings: AtomicBool,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(Mutex<Line>);

#[derive(Default)]
struct Line {
    slots: VecDeque<u32>,
    /// Who polls the set.
    task: Option<Waker>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.rings.swap(true, Ordering::AcqRel) {
            return;
        }
        let task = {
            let mut line = lock(&self.woken.0);
            line.slots.push_back(self.slot);
            // Whoever is not the first finds the task woken.
            if line.slots.len() == 1 { line.task.clone() } else { None }
        };
        task.into_iter().for_each(Waker::wake);
    }
}

impl<G, F> Default for FutureSet<G, F> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), woken: Arc::default() }
    }
}

impl<G, F: Future + Unpin> FutureSet<G, F> {
    /// Adds one, to be polled with the next [`poll_next`](Self::poll_next).
    pub(crate) fn insert(&mut self, about: G, future: F) -> Key {
        let at = self.free.pop().unwrap_or_else(|| self.grow());
        let slot = &mut self.slots[at as usize];
        slot.work = Some((about, future));
        // Whoever adds it polls the set yet.
        if !slot.bell.rings.swap(true, Ordering::AcqRel) {
            lock(&self.woken.0).slots.push_back(at);
        }
        Key { slot: at, generation: slot.generation }
    }

    /// Whether none waits.
    fn is_empty(&self) -> bool {
        self.free.len() == self.slots.len()
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2³² futures wait at once");
        let (rings, woken) = (AtomicBool::new(false), Arc::clone(&self.woken));
        let bell = Arc::new(Bell { slot, rings, woken });
        let waker = Waker::from(Arc::clone(&bell));
        self.slots.push(Slot { work: None, generation: 0, bell, waker });
        slot
    }

    /// Drops one that has not ended, and says what it was about.
    pub(crate) fn remove(&mut self, key: Key) -> Option<G> {
        let is_it = self.slots[key.slot as usize].generation == key.generation;
        if is_it { self.empty(key.slot) } else { None }
    }

    fn empty(&mut self, at: u32) -> Option<G> {
        let slot = &mut self.slots[at as usize];
        let (about, _) = slot.work.take()?;
        slot.generation += 1;
        self.free.push(at);
        Some(about)
    }

    /// What one that has ended was about, and its output. It waits also where there is none.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<(G, F::Output)> {
        // Whoever adds one polls the set yet, so nobody has to be woken.
        if self.is_empty() {
            return Poll::Pending;
        }
        while let Some(at) = self.next_woken(context) {
            let slot = &mut self.slots[at as usize];
            slot.bell.rings.store(false, Ordering::Release);
            let Some((_, future)) = &mut slot.work else { continue };
            let polled = Pin::new(future).poll(&mut Context::from_waker(&slot.waker));
            if let Poll::Ready(output) = polled
                && let Some(about) = self.empty(at)
            {
                return Poll::Ready((about, output));
            }
        }
        Poll::Pending
    }

    /// The slot that was woken first; where there is none, the task waits for one.
    fn next_woken(&self, context: &Context<'_>) -> Option<u32> {
        let mut line = lock(&self.woken.0);
        let next = line.slots.pop_front();
        let is_known = line.task.as_ref().is_some_and(|task| task.will_wake(context.waker()));
        if !is_known {
            line.task = Some(context.waker().clone());
        }
        next
    }
}

impl<G, F> Drop for FutureSet<G, F> {
    fn drop(&mut self) {
        // Wakers may be kept for long, and need not keep the task.
        lock(&self.woken.0).task = None;
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::atomic::AtomicU32;

    use super::*;
    use crate::call::BoxFuture;

    #[derive(Default)]
    struct Turns(AtomicU32);

    impl Wake for Turns {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    type Gate = Arc<Mutex<(bool, Option<Waker>)>>;

    fn gated(set: &mut FutureSet<u32, BoxFuture<()>>, number: u32) -> (Gate, Key) {
        let gate = Gate::default();
        let held = Arc::clone(&gate);
        let future = poll_fn(move |context| {
            let mut gate = lock(&held);
            gate.1 = Some(context.waker().clone());
            if gate.0 { Poll::Ready(()) } else { Poll::Pending }
        });
        (gate, set.insert(number, Box::pin(future)))
    }

    fn open(gate: &Gate) {
        let waker = {
            let mut gate = lock(gate);
            gate.0 = true;
            gate.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    #[test]
    fn they_end_in_the_order_in_which_they_are_woken() {
        let turns = Arc::<Turns>::default();
        let waker = Waker::from(Arc::clone(&turns));
        let (mut context, mut set) = (Context::from_waker(&waker), FutureSet::default());
        let gates: Vec<_> = (0..3).map(|number| gated(&mut set, number)).collect();
        assert!(set.poll_next(&mut context).is_pending());
        [2, 0].iter().for_each(|at: &usize| open(&gates[*at].0));
        assert_eq!(turns.0.load(Ordering::Relaxed), 1, "one turn is enough for both");
        assert_eq!(set.poll_next(&mut context), Poll::Ready((2, ())));
        assert_eq!(set.poll_next(&mut context), Poll::Ready((0, ())));
        assert!(set.poll_next(&mut context).is_pending());
        open(&gates[1].0);
        assert_eq!(turns.0.load(Ordering::Relaxed), 2);
        assert_eq!(set.poll_next(&mut context), Poll::Ready((1, ())));
    }

    #[test]
    fn one_that_is_dropped_is_not_taken_for_who_has_its_place() {
        let waker = Waker::noop();
        let (mut context, mut set) = (Context::from_waker(waker), FutureSet::default());
        let (first, key) = gated(&mut set, 1);
        assert!(set.poll_next(&mut context).is_pending());
        assert_eq!(set.remove(key), Some(1));
        let (second, _) = gated(&mut set, 2);
        open(&first);
        assert!(set.poll_next(&mut context).is_pending());
        assert_eq!(set.remove(key), None);
        open(&second);
        assert_eq!(set.poll_next(&mut context), Poll::Ready((2, ())));
    }
}
