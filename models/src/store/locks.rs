use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};

use cascadia_sim_core::Local;

use super::Conflict;

/// Who holds which rows of a store, and who waits for them, in the order in which they came.
#[derive(Default)]
pub(crate) struct Locks(Local<State>);

#[derive(Default)]
struct State {
    held: BTreeMap<u64, Held>,
    /// The row that each holder waits for.
    waits: BTreeMap<u64, u64>,
    /// Holders so far.
    holders: u64,
}

struct Held {
    by: u64,
    waiting: VecDeque<(u64, Option<Waker>)>,
}

impl State {
    /// Takes a row, or says that it has to be waited for. Nobody waits in a circle.
    fn take(&mut self, row: u64, me: u64) -> Result<bool, Conflict> {
        let Some(held) = self.held.get_mut(&row) else {
            self.held.insert(row, Held { by: me, waiting: VecDeque::new() });
            return Ok(true);
        };
        if held.by == me {
            return Ok(true);
        }
        let mut next = held.by;
        held.waiting.push_back((me, None));
        self.waits.insert(me, row);
        while let Some(other) = self.waits.get(&next) {
            next = self.held[other].by;
            if next == me {
                return Err(Conflict);
            }
        }
        Ok(false)
    }

    /// Gives a row back, or waits for it no longer. Returns who is to be woken.
    fn give(&mut self, row: u64, me: u64) -> Option<Waker> {
        let held = self.held.get_mut(&row)?;
        if held.by != me {
            held.waiting.retain(|(other, _)| *other != me);
            self.waits.remove(&me);
            return None;
        }
        let Some((next, waker)) = held.waiting.pop_front() else {
            self.held.remove(&row);
            return None;
        };
        held.by = next;
        self.waits.remove(&next);
        waker
    }
}

/// Somebody who holds rows. Dropped, it gives them back.
pub(crate) struct Holder {
    locks: Arc<Locks>,
    me: u64,
    rows: Vec<u64>,
}

impl Holder {
    pub(crate) fn new(locks: &Arc<Locks>) -> Self {
        let state = &mut *locks.0.borrow_mut();
        state.holders += 1;
        Self { locks: Arc::clone(locks), me: state.holders, rows: Vec::new() }
    }

    /// Waits until it holds a row.
    ///
    /// # Errors
    ///
    /// When those that it would wait for wait for it.
    pub(crate) async fn lock(&mut self, row: u64) -> Result<(), Conflict> {
        if self.rows.contains(&row) {
            return Ok(());
        }
        self.rows.push(row);
        if self.locks.0.borrow_mut().take(row, self.me)? {
            return Ok(());
        }
        poll_fn(|context| {
            let state = &mut *self.locks.0.borrow_mut();
            let held = state.held.get_mut(&row).expect("it is held by somebody");
            if held.by == self.me {
                return Poll::Ready(());
            }
            let mine = held.waiting.iter_mut().find(|(other, _)| *other == self.me);
            let (_, waker) = mine.expect("it waits");
            *waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        Ok(())
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        for row in &self.rows {
            let next = self.locks.0.borrow_mut().give(*row, self.me);
            next.into_iter().for_each(Waker::wake);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    /// Whether a row is had at once.
    fn has(holder: &mut Holder, row: u64) -> Option<Result<(), Conflict>> {
        let locking = pin!(holder.lock(row));
        match locking.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(locked) => Some(locked),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_row_has_one_holder_and_goes_to_whoever_came_next() {
        let locks = Arc::default();
        let [mut one, mut two, mut three] = [(); 3].map(|()| Holder::new(&locks));
        assert_eq!(has(&mut one, 7), Some(Ok(())));
        assert_eq!(has(&mut one, 7), Some(Ok(())), "it holds it already");
        assert_eq!((has(&mut two, 7), has(&mut three, 7)), (None, None));
        drop(one);
        assert_eq!(locks.0.borrow_mut().held[&7].by, two.me);
        drop(two);
        assert_eq!(locks.0.borrow_mut().held[&7].by, three.me);
        drop(three);
        assert!(locks.0.borrow_mut().held.is_empty() && locks.0.borrow_mut().waits.is_empty());
    }

    #[test]
    fn nobody_waits_in_a_circle() {
        let locks = Arc::default();
        let mut all = [(); 3].map(|()| Holder::new(&locks));
        for (row, holder) in (0..).zip(&mut all) {
            assert_eq!(has(holder, row), Some(Ok(())));
        }
        let [one, two, three] = &mut all;
        assert_eq!((has(one, 1), has(two, 2)), (None, None));
        assert_eq!(has(three, 0), Some(Err(Conflict)));
        drop(all);
        assert!(locks.0.borrow_mut().held.is_empty() && locks.0.borrow_mut().waits.is_empty());
    }

    #[test]
    fn who_leaves_the_line_holds_nobody_up() {
        let locks = Arc::default();
        let [mut one, mut two, mut three] = [(); 3].map(|()| Holder::new(&locks));
        assert_eq!(has(&mut one, 7), Some(Ok(())));
        assert_eq!((has(&mut two, 7), has(&mut three, 7)), (None, None));
        drop(two);
        drop(one);
        assert_eq!(locks.0.borrow_mut().held[&7].by, three.me);
    }
}
