use std::cell::Cell;

use cascadia_runtime::Time;

/// How far work that blocks has come, while it is done.
#[derive(Default)]
pub(crate) struct Blocking(Cell<Option<Time>>);

impl Blocking {
    /// Does work that begins at `now`. Returns when it would have been done, too.
    pub(crate) fn run<T>(&self, now: Time, work: impl FnOnce() -> T) -> (T, Time) {
        let outer = self.0.replace(Some(now));
        let done = work();
        let until = self.0.replace(outer).unwrap_or(now);
        (done, until)
    }

    /// How far it has come; nothing where none is done.
    pub(crate) fn reached(&self) -> Option<Time> {
        self.0.get()
    }

    /// It has come so far.
    pub(crate) fn reach(&self, until: Time) {
        assert!(
            self.0.get().is_some(),
            "what takes time like a disk is used in blocking work only"
        );
        self.0.set(self.0.get().max(Some(until)));
    }

    /// A simulation begins.
    pub(crate) fn begin(&self) {
        self.0.set(None);
    }
}
