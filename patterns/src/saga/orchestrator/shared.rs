use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Task};
use tokio::sync::oneshot;

use super::config::OrchestratorConfig;
use super::counts::OrchestratorCounts;
use super::error::SagaError;
use super::inbox::Inbox;
use super::journal::Journal;
use super::logs::read;
use super::rows::{Live, Rows};
use crate::saga::definition::Definition;
use crate::saga::ids::SagaId;
use crate::saga::log::SagaLog;
use crate::saga::participant::Participant;
use crate::saga::state::Phase;
use crate::store::{Revision, Store, StoreError};
use crate::sync::lock;

/// What all that an orchestrator does has in common.
pub(super) struct Shared<R: Runtime> {
    pub(super) config: OrchestratorConfig,
    pub(super) world: R,
    pub(super) store: Arc<dyn Store>,
    pub(super) journal: Journal,
    pub(super) own: u64,
    /// They are few, and looked for at each command.
    pub(super) participants: Vec<(Arc<str>, Arc<dyn Participant>)>,
    pub(super) definitions: BTreeMap<(Arc<str>, u32), Arc<Definition>>,
    /// How many orders were written here.
    pub(super) orders: AtomicU64,
    pub(super) running: Mutex<BTreeMap<SagaId, Running<R>>>,
    pub(super) counts: Mutex<OrchestratorCounts>,
}

/// A saga that is driven here.
pub(super) struct Running<R: Runtime> {
    pub(super) task: Option<R::Task>,
    pub(super) inbox: Arc<Inbox>,
    /// Those who wait for its end, and are told how it has ended.
    pub(super) over: Vec<oneshot::Sender<Option<Phase>>>,
}

impl<R: Runtime> Shared<R> {
    /// Where its rows are.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows(&self.config.prefix)
    }

    pub(super) fn count(&self, count: impl FnOnce(&mut OrchestratorCounts)) {
        count(&mut lock(&self.counts));
    }

    /// Says that a saga is driven here from now on, unless it is already.
    pub(super) fn claim(&self, id: &SagaId) -> Option<Arc<Inbox>> {
        match lock(&self.running).entry(id.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(place) => {
                let inbox = Arc::<Inbox>::default();
                place.insert(Running { task: None, inbox: Arc::clone(&inbox), over: Vec::new() });
                Some(inbox)
            }
        }
    }

    /// A saga is driven here no more. How it has ended, where that is known.
    pub(super) fn let_go(&self, id: &SagaId, ended: Option<Phase>) {
        let gone = lock(&self.running).remove(id);
        for over in gone.into_iter().flat_map(|gone| gone.over) {
            // Who has gone need not be told.
            let _ = over.send(ended);
        }
    }

    /// Waits until a saga is driven here no more, if it is now. How it has ended, where that is known.
    pub(super) async fn over(&self, id: &SagaId) -> Option<Phase> {
        let (tell, over) = oneshot::channel();
        lock(&self.running).get_mut(id)?.over.push(tell);
        // Who is stopped tells nothing.
        over.await.ok().flatten()
    }

    /// Tells whoever drives a saga here of an order.
    pub(super) fn ordered(&self, id: &SagaId) {
        if let Some(running) = lock(&self.running).get(id) {
            running.inbox.ordered();
        }
    }

    /// Stops all that is driven here where it stands.
    pub(super) fn stop(&self) {
        let running = std::mem::take(&mut *lock(&self.running));
        running.into_values().filter_map(|it| it.task).for_each(|task| task.abort());
    }

    /// Who drives a saga, if it has not ended.
    pub(super) async fn live(&self, id: &SagaId) -> Result<Option<(Live, Revision)>, StoreError> {
        let Some(row) = self.store.get(self.rows().live(id)).await? else { return Ok(None) };
        let live = Live::decode(&row.value);
        let live = live.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Some((live, row.revision)))
    }

    /// The log of a saga.
    pub(super) async fn log(&self, id: &SagaId) -> Result<SagaLog, SagaError> {
        read(&self.store, self.rows(), &self.definitions, id).await
    }
}
