use std::fmt;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::store::{
    Change, Commit, MemoryStore, Query, Revision, Store, StoreError, Together, View,
};

use crate::component::Life;
use crate::effects::Witness;
use crate::spoils::Spoil;

/// How many changes the stores of sagas keep for those who wait or relay; who misses some looks again.
pub(crate) const CHANGES: u64 = 1_000;

/// What commits will have said of sagas when they are made.
pub(super) type Sights = dyn Fn(&[Commit]) -> Said + Send + Sync;
pub(super) type Said = Box<dyn FnOnce() -> Vec<(SagaId, Sight)> + Send>;

/// The store of those whom sagas are asked of, as one of them sees it. It outlives them; a commit takes its time, in the
/// middle of which it is made: whoever dies in the second half does not know that.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) rows: MemoryStore,
    pub(super) witness: Arc<Witness>,
    pub(super) sights: Arc<Sights>,
    pub(super) life: Life,
    pub(super) write: Duration,
    pub(super) spoil: Option<Spoil>,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Table")
    }
}

impl Table {
    /// Makes what says this, in the middle of the time that it takes.
    async fn made<E>(
        self,
        said: Said,
        make: impl FnOnce(&MemoryStore) -> Result<Revision, E>,
    ) -> Result<Revision, E> {
        let (life, half) = (&self.life, self.write / 2);
        life.sleep(half).await;
        let made = make(&self.rows)?;
        let now = life.now();
        said().into_iter().for_each(|(saga, sight)| self.witness.saw(saga, sight, now));
        life.sleep(half).await;
        Ok(made)
    }
}

impl Store for Table {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, mut commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        Spoil::change(self.spoil.as_ref(), &mut commit);
        let said = (self.sights)(slice::from_ref(&commit));
        Box::pin(self.clone().made(said, move |rows| rows.make(commit)))
    }

    fn commit_all(&self, mut commits: Vec<Commit>) -> BoxFuture<Together> {
        commits.iter_mut().for_each(|commit| Spoil::change(self.spoil.as_ref(), commit));
        let said = (self.sights)(&commits);
        Box::pin(self.clone().made(said, move |rows| rows.make_all(commits)))
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.rows.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.rows.forget(through)
    }
}
