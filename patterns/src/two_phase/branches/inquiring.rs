use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Task};

use super::ledger::Branches;
use crate::call::BoxFuture;
use crate::store::{Store, StoreError};
use crate::two_phase::ids::TransactionId;
use crate::two_phase::word::Decision;

/// Asks the coordinator of a transaction how it ends; nothing where it does not answer, or has not decided.
pub(super) type Inquire = dyn Fn(TransactionId) -> BoxFuture<Option<Decision>> + Send + Sync;

/// So many are asked for in a round.
const MOST: usize = 1_000;

/// Asks for those that are in doubt for longer than a pause, until it is dropped.
pub struct Inquiring<R: Runtime>(R::Task);

impl<R: Runtime> Inquiring<R> {
    /// Begins to ask.
    pub fn start(
        world: &R,
        pause: Duration,
        (branches, store): (Branches, Arc<dyn Store>),
        inquire: impl Fn(TransactionId) -> BoxFuture<Option<Decision>> + Send + Sync + 'static,
    ) -> Self {
        let (own, inquire): (R, Arc<Inquire>) = (world.clone(), Arc::new(inquire));
        let asking = async move {
            let mut known = BTreeSet::new();
            loop {
                own.sleep(pause).await;
                // A store that is away is there later.
                let doubts = branches.in_doubt(&store, MOST).await.unwrap_or_default();
                for id in doubts.iter().filter(|id| known.contains(*id)) {
                    let (branches, store) = (branches.clone(), Arc::clone(&store));
                    let asked = ask(branches, store, id.clone(), Arc::clone(&inquire));
                    // Who does not answer must not hold up the others.
                    drop(own.spawn(asked));
                }
                known = doubts.into_iter().collect();
            }
        };
        Self(world.spawn(asking))
    }
}

async fn ask(branches: Branches, store: Arc<dyn Store>, id: TransactionId, inquire: Arc<Inquire>) {
    let Some(decision) = inquire(id.clone()).await else { return };
    // Where something else has changed meanwhile, it is done again; for any other error it is asked again.
    while branches.decide(&store, &id, decision).await == Err(StoreError::Conflict) {}
}

impl<R: Runtime> Drop for Inquiring<R> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<R: Runtime> fmt::Debug for Inquiring<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inquiring")
    }
}
