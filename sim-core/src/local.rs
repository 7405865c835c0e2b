use std::cell::{Cell, RefCell, RefMut};
use std::sync::atomic::{AtomicU64, Ordering};

/// State that the tasks of one world share.
///
/// Tasks have to be [`Send`], as real code spawns them on real runtimes too, so what they share has
/// to be [`Sync`]. But a world lives on one thread, and there a mutex is paid for twice with an
/// atomic operation to keep out nobody. This is a [`RefCell`] that belongs to the thread it was
/// made on.
///
/// ```
/// let count = std::sync::Arc::new(cascadia_sim_core::Local::new(0));
/// *count.borrow_mut() += 1;
/// assert_eq!(*count.borrow_mut(), 1);
/// ```
#[derive(Debug)]
pub struct Local<T> {
    thread: u64,
    value: RefCell<T>,
}

// Safety: only the thread that made it gets at the value through a reference. Any thread may own
// and drop it, as the value is `Send`.
#[expect(unsafe_code, reason = "a mutex costs two atomic operations wherever a model is touched")]
unsafe impl<T: Send> Sync for Local<T> {}

impl<T> Local<T> {
    /// State that belongs to this thread.
    pub fn new(value: T) -> Self {
        Self { thread: thread(), value: RefCell::new(value) }
    }

    /// The state.
    ///
    /// # Panics
    ///
    /// On another thread, and while the state is borrowed.
    pub fn borrow_mut(&self) -> RefMut<'_, T> {
        assert!(self.thread == thread(), "the state of a simulation was used on another thread");
        self.value.borrow_mut()
    }
}

impl<T: Default> Default for Local<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// The number of this thread, which no other ever has.
fn thread() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    thread_local!(static NUMBER: Cell<u64> = const { Cell::new(0) });
    match NUMBER.get() {
        0 => {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            NUMBER.set(number);
            number
        }
        number => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "what other threads may do")]
    fn only_its_own_thread_gets_at_it_and_any_may_drop_it() {
        let local = Local::new(String::from("here"));
        let refused = std::thread::scope(|scope| {
            let use_it = std::panic::AssertUnwindSafe(|| local.borrow_mut().len());
            scope.spawn(|| std::panic::catch_unwind(use_it).is_err()).join()
        });
        assert!(refused.unwrap());
        assert_eq!(*local.borrow_mut(), "here");
        std::thread::spawn(move || drop(local)).join().unwrap();
    }
}
