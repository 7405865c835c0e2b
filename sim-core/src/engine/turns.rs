use std::cell::Cell;
use std::panic::resume_unwind;

/// Counts the turns of loops within one piece of work: while it lasts, nothing else sees that
/// they do not end.
#[derive(Default)]
pub(crate) struct Turns(Cell<u64>);

/// What a piece of work that takes too many turns is broken off with.
pub(super) struct Endless;

/// How many turns a piece of work may take.
const LIMIT: u64 = 1_000_000;

impl Turns {
    /// A piece of work begins. Returns how many turns the last one took.
    #[inline]
    pub(super) fn begin(&self) -> u64 {
        self.0.replace(0)
    }

    /// How many turns the piece of work has taken.
    #[cfg(not(madsim))]
    #[inline]
    pub(super) fn taken(&self) -> u64 {
        self.0.get()
    }

    /// One more turn. That which is too many breaks the work off as a panic does, but for what a
    /// panic prints; what its destructors do then is their last.
    pub(crate) fn one_more(&self) {
        self.0.set(self.0.get() + 1);
        if self.0.get() == LIMIT {
            resume_unwind(Box::new(Endless));
        }
    }
}
