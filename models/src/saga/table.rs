use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::orchestrator::{OrchestratorConfig, sights};
use cascadia_patterns::store::{
    Change, Commit, MemoryStore, Query, Revision, Store, StoreError, View,
};

use super::hub::Hub;
use crate::component::Life;

/// The store of orchestrators, as one of them sees it. It outlives them; a commit takes its time, in the middle of
/// which it is made: whoever dies in the second half does not know that.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) hub: Arc<Hub>,
    pub(super) config: OrchestratorConfig,
    pub(super) life: Life,
    pub(super) write: Duration,
}

impl Store for Table {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows().read(query)
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let (hub, life, half) = (Arc::clone(&self.hub), self.life.clone(), self.write / 2);
        let seen = sights(&self.config, &commit);
        Box::pin(async move {
            life.sleep(half).await;
            let made = hub.rows.commit(commit).await?;
            seen.into_iter().for_each(|(saga, sight)| hub.witness.saw(saga, sight));
            life.sleep(half).await;
            Ok(made)
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.rows().changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.rows().forget(through)
    }
}

impl Table {
    fn rows(&self) -> &MemoryStore {
        &self.hub.rows
    }
}
