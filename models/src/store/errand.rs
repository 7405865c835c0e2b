use std::fmt;
use std::sync::Arc;

use cascadia_patterns::store::{Commit, Query, Revision, Store, StoreError, View};
use cascadia_sim_core::Local;

/// Something that is to be done with the table of a store, where that is.
pub(crate) struct Errand {
    writes: bool,
    state: Local<State>,
}

/// What is to be done.
pub(crate) enum Wanted {
    Read(Query),
    Commit(Commit),
}

enum State {
    Wanted(Wanted),
    /// It is being done, or who had it done knows how it ended.
    Empty,
    Read(Result<View, StoreError>),
    Committed(Result<Revision, StoreError>),
}

impl Wanted {
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Commit(_))
    }
}

impl Errand {
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self { writes: wanted.writes(), state: Local::new(State::Wanted(wanted)) }
    }

    pub(crate) fn writes(&self) -> bool {
        self.writes
    }

    /// Does it, once. Whether it was in nobody's way.
    pub(crate) async fn run(&self, table: &Arc<dyn Store>) -> bool {
        let wanted = self.take();
        let done = match wanted {
            State::Wanted(Wanted::Read(query)) => State::Read(table.read(query).await),
            State::Wanted(Wanted::Commit(commit)) => State::Committed(table.commit(commit).await),
            other => other,
        };
        let is_done = !matches!(done, State::Committed(Err(StoreError::Conflict)));
        *self.state.borrow_mut() = done;
        is_done
    }

    /// What was read.
    pub(crate) fn view(&self) -> Option<Result<View, StoreError>> {
        match self.take() {
            State::Read(view) => Some(view),
            _ => None,
        }
    }

    /// How the commit ended.
    pub(crate) fn revision(&self) -> Option<Result<Revision, StoreError>> {
        match self.take() {
            State::Committed(revision) => Some(revision),
            _ => None,
        }
    }

    fn take(&self) -> State {
        std::mem::replace(&mut *self.state.borrow_mut(), State::Empty)
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Errand").field("writes", &self.writes).finish_non_exhaustive()
    }
}
