use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::participant::Turn;
use cascadia_patterns::saga::{Command, Direction};
use cascadia_patterns::store::{
    Change, Commit, Key, MemoryStore, Query, Revision, Store, StoreError, View,
};
use cascadia_sim_core::Local;

use crate::component::Life;
use crate::effects::{Witness, Work};
use crate::ledgers::{Entry, Ledgers};

/// The store of a service with its part in sagas, as one of its replicas sees it. It outlives them. What is entered in
/// ledgers is entered with the commit that notes it, or not at all.
pub(super) struct Books {
    rows: MemoryStore,
    witness: Arc<Witness>,
    ledgers: Arc<Ledgers>,
    life: Life,
    staged: Local<BTreeMap<Key, Staged>>,
}

/// What waits for a commit.
#[derive(Clone)]
struct Staged {
    command: Command,
    work: u64,
    entries: Vec<Entry>,
}

impl Books {
    pub(super) fn new(
        rows: MemoryStore,
        witness: Arc<Witness>,
        (ledgers, life): (&Arc<Ledgers>, &Life),
    ) -> Self {
        let (ledgers, life, staged) = (Arc::clone(ledgers), life.clone(), Local::default());
        Self { rows, witness, ledgers, life, staged }
    }

    /// Has something entered if a turn is committed, which its key in that tells.
    pub(super) fn stage(&self, turn: &mut Turn, (work, attempt): (u64, u32), entries: Vec<Entry>) {
        let key = [&b"entered/"[..], &work.to_be_bytes(), &attempt.to_be_bytes()].concat();
        let step = turn.command.step.as_bytes().to_vec();
        turn.transaction.put(key.clone(), step);
        let staged = Staged { command: turn.command.clone(), work, entries };
        self.staged.borrow_mut().insert(key, staged);
    }
}

impl Store for Books {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, mut commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let mut staged = Vec::new();
        // Whoever is told of it needs no row.
        commit.writes.retain(|key, _| {
            let own = self.staged.borrow_mut().remove(key);
            let is_kept = own.is_none();
            staged.extend(own);
            is_kept
        });
        let (witness, ledgers) = (Arc::clone(&self.witness), Arc::clone(&self.ledgers));
        let (rows, life) = (self.rows.clone(), self.life.clone());
        Box::pin(async move {
            let has_all =
                |of: &Staged| of.command.direction == Direction::Undo || ledgers.have(&of.entries);
            if !staged.iter().all(has_all) {
                return Err(StoreError::Conflict);
            }
            let made = rows.commit(commit).await?;
            for Staged { command, work, entries } in staged {
                ledgers.enter(&entries);
                let work = Work { at: life.now(), key: work, by: None };
                witness.heard(&command, work, Some(entries));
            }
            Ok(made)
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.rows.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.rows.forget(through)
    }
}

impl fmt::Debug for Books {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Books")
    }
}
