use cascadia_sim_core::Local;

use crate::store::Ask;

/// What all tries of a request have in common. Most requests have nothing of it, and pay a word.
#[derive(Default)]
pub(crate) struct Shared {
    /// What is asked of a store.
    ask: Option<Ask>,
    /// How often the work was done, whichever try brought it.
    done: Local<u32>,
}

impl Shared {
    pub(super) fn asking(ask: Ask) -> Self {
        Self { ask: Some(ask), done: Local::default() }
    }

    pub(super) fn ask(&self) -> Option<&Ask> {
        self.ask.as_ref()
    }

    /// The work is done. Whether it was before.
    pub(super) fn again(&self) -> bool {
        let mut done = self.done.borrow_mut();
        *done += 1;
        *done > 1
    }
}
