use std::task::{Context, Waker};

/// A waker for what stays in its world.
#[derive(Debug)]
pub struct Waiter(Waker);

impl Waiter {
    pub(crate) fn new(_: u64, context: &Context<'_>) -> Self {
        Self(context.waker().clone())
    }

    /// Wakes who waits.
    pub fn wake(self) {
        self.0.wake();
    }
}
