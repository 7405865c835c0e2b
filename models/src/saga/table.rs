use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::store::{
    Change, Commit, MemoryStore, Query, Revision, Store, StoreError, View,
};

use crate::component::Life;
use crate::effects::Witness;
use crate::spoils::Spoil;

/// How many changes the stores of sagas keep for those who wait or relay; who misses some looks again.
pub(crate) const CHANGES: u64 = 1_000;

/// What a commit will have said of sagas when it is made.
pub(super) type Sights = dyn Fn(&Commit) -> Said + Send + Sync;
pub(super) type Said = Box<dyn FnOnce() -> Vec<(SagaId, Sight)> + Send>;

/// The store of those whom sagas are asked of, as one of them sees it. It outlives them; a commit takes its time, in the
/// middle of which it is made: whoever dies in the second half does not know that.
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

impl Store for Table {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, mut commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        Spoil::change(self.spoil.as_ref(), &mut commit);
        let (rows, witness) = (self.rows.clone(), Arc::clone(&self.witness));
        let (life, half) = (self.life.clone(), self.write / 2);
        let said = (self.sights)(&commit);
        Box::pin(async move {
            life.sleep(half).await;
            let made = rows.commit(commit).await?;
            let now = life.now();
            said().into_iter().for_each(|(saga, sight)| witness.saw(saga, sight, now));
            life.sleep(half).await;
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
