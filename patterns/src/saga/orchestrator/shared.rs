use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Task};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

use super::config::OrchestratorConfig;
use super::counts::OrchestratorCounts;
use super::error::SagaError;
use super::journal::Journal;
use super::logs::read;
use super::rows::{Live, Rows};
use crate::saga::definition::Definition;
use crate::saga::ids::SagaId;
use crate::saga::log::SagaLog;
use crate::saga::participant::Participant;
use crate::store::{Revision, Store, StoreError};
use crate::sync::lock;

/// What all that an orchestrator does has in common.
pub(super) struct Shared<R: Runtime> {
    pub(super) config: OrchestratorConfig,
    pub(super) world: R,
    pub(super) store: Arc<dyn Store>,
    pub(super) rows: Rows,
    pub(super) journal: Journal,
    pub(super) own: u64,
    pub(super) participants: BTreeMap<Arc<str>, Arc<dyn Participant>>,
    pub(super) definitions: BTreeMap<(Arc<str>, u32), Arc<Definition>>,
    /// How many orders were written here.
    pub(super) orders: AtomicU64,
    pub(super) running: Mutex<BTreeMap<SagaId, Running<R>>>,
    pub(super) counts: Mutex<OrchestratorCounts>,
}

/// A saga that is driven here.
pub(super) struct Running<R: Runtime> {
    pub(super) task: Option<R::Task>,
    pub(super) wake: Arc<Notify>,
    /// Wakes those who wait for its end.
    pub(super) over: Arc<Notify>,
}

impl<R: Runtime> Shared<R> {
    pub(super) fn count(&self, count: impl FnOnce(&mut OrchestratorCounts)) {
        count(&mut lock(&self.counts));
    }

    /// Says that a saga is driven here from now on, unless it is already.
    pub(super) fn claim(&self, id: &SagaId) -> Option<Arc<Notify>> {
        let mut running = lock(&self.running);
        if running.contains_key(id) {
            return None;
        }
        let wake = Arc::new(Notify::new());
        let over = Arc::new(Notify::new());
        running.insert(id.clone(), Running { task: None, wake: Arc::clone(&wake), over });
        Some(wake)
    }

    pub(super) fn let_go(&self, id: &SagaId) {
        let gone = lock(&self.running).remove(id);
        if let Some(gone) = gone {
            gone.over.notify_waiters();
        }
    }

    /// Waits until a saga is driven here no more, if it is now.
    pub(super) fn over(&self, id: &SagaId) -> Option<OwnedNotified> {
        lock(&self.running).get(id).map(|running| Arc::clone(&running.over).notified_owned())
    }

    /// Wakes whoever drives a saga here.
    pub(super) fn wake(&self, id: &SagaId) {
        if let Some(running) = lock(&self.running).get(id) {
            running.wake.notify_one();
        }
    }

    /// Stops all that is driven here where it stands.
    pub(super) fn stop(&self) {
        let running = std::mem::take(&mut *lock(&self.running));
        running.into_values().filter_map(|it| it.task).for_each(|task| task.abort());
    }

    /// Who drives a saga, if it has not ended.
    pub(super) async fn live(&self, id: &SagaId) -> Result<Option<(Live, Revision)>, StoreError> {
        let Some(row) = self.store.get(self.rows.live(id)).await? else { return Ok(None) };
        let live = Live::decode(&row.value);
        let live = live.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Some((live, row.revision)))
    }

    /// The log of a saga.
    pub(super) async fn log(&self, id: &SagaId) -> Result<SagaLog, SagaError> {
        read(&self.store, &self.rows, &self.definitions, id).await
    }
}
