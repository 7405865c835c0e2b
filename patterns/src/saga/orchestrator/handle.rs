use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Task};

use super::cast::Cast;
use super::config::OrchestratorConfig;
use super::counts::OrchestratorCounts;
use super::driver::Driver;
use super::error::SagaError;
use super::journal::Journal;
use super::rows::{Live, encode_order};
use super::shared::Shared;
use super::standing::Standing;
use super::takeover::{sweep, take};
use crate::config::assert_checked;
use crate::messaging::Bytes;
use crate::saga::codec::encode_entries;
use crate::saga::core::Saga;
use crate::saga::ids::{Epoch, SagaId};
use crate::saga::log::SagaLog;
use crate::saga::order::Order;
use crate::saga::record::Record;
use crate::saga::state::Phase;
use crate::store::{Commit, Condition, Query, Range, Store, StoreError, Watch};
use crate::sync::lock;

/// Drives sagas until it is dropped.
///
/// Dropped, it stops where it stands. What it has begun is gone on with by another one over the same store, or by the next one in this
/// place.
pub struct Orchestrator<R: Runtime> {
    shared: Arc<Shared<R>>,
    sweeping: R::Task,
}

impl<R: Runtime> fmt::Debug for Orchestrator<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orchestrator").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl<R: Runtime> Drop for Orchestrator<R> {
    fn drop(&mut self) {
        self.sweeping.abort();
        self.shared.stop();
    }
}

impl<R: Runtime> Orchestrator<R> {
    /// One that drives what is in a store, and what it is told to start.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn start(
        config: OrchestratorConfig,
        world: R,
        stream: &mut Stream,
        store: Arc<dyn Store>,
        cast: Cast,
    ) -> Self {
        assert_checked(config.check());
        let journal = Journal::new(&world, Arc::clone(&store));
        let shared = Arc::new(Shared {
            config,
            world: world.clone(),
            store,
            journal,
            own: stream.next_u64(),
            participants: cast.participants.into_iter().collect(),
            definitions: cast.definitions,
            orders: AtomicU64::new(0),
            running: Mutex::default(),
            counts: Mutex::default(),
        });
        let sweeping = world.spawn(sweep(Arc::clone(&shared)));
        Self { shared, sweeping }
    }

    /// Begins a saga by the newest definition of a name, unless there is one of this id. Returns whether there was none. When
    /// this returns, the saga is durable.
    ///
    /// # Errors
    ///
    /// As for the store: asked again under the same id, it is begun once. [`SagaError::Different`] where the one of
    /// this id is about something else.
    pub async fn begin(
        &self,
        id: impl Into<SagaId>,
        name: &str,
        input: impl Into<Bytes>,
    ) -> Result<bool, SagaError> {
        let (shared, id, input) = (&self.shared, id.into(), input.into());
        let mut known = shared.definitions.values().rev();
        let definition = known.find(|definition| &**definition.name() == name);
        let definition = definition.ok_or_else(|| SagaError::NoDefinition(name.into()))?;
        let Some(inbox) = shared.claim(&id) else { return self.is_same(&id, name, &input).await };
        let (now, epoch) = (shared.world.wall(), Epoch::FIRST);
        let definition = Arc::clone(definition);
        let mut saga = Saga::begin(id.clone(), definition, input.clone(), epoch, now);
        let begun = saga.ready();
        let until = now + shared.config.lease;
        let lease = Live { owner: shared.own, epoch, until, is_stuck: false };
        let (first, live) = (shared.rows().entries(&id, 0), shared.rows().live(&id));
        let commit = Commit::new()
            .given(Condition::Absent(first.clone()))
            .put(first, encode_entries(0, &begun.entries))
            .put(live.clone(), lease.encode());
        let place = begun.entries.len() as u64;
        match shared.journal.commit(commit).await {
            Ok(held) => {
                shared.count(|counts| counts.started += 1);
                let shared = Arc::clone(shared);
                Driver { shared, saga, epoch, live, place, held, until, inbox }.start(Some(begun));
                Ok(true)
            }
            Err(error) => {
                shared.let_go(&id, None);
                match error {
                    StoreError::Conflict => self.is_same(&id, name, &input).await,
                    error => Err(error.into()),
                }
            }
        }
    }

    async fn is_same(&self, id: &SagaId, name: &str, input: &Bytes) -> Result<bool, SagaError> {
        match self.log(id).await?.entries.first().map(|entry| &entry.record) {
            Some(Record::Started { definition, input: known, .. })
                if &**definition == name && known == input =>
            {
                Ok(false)
            }
            _ => Err(SagaError::Different(id.clone())),
        }
    }

    /// Wants something of a saga, whoever drives it. When this returns, that is durable, and whoever drives the saga will hear of it.
    ///
    /// # Errors
    ///
    /// [`SagaError::Ended`], [`SagaError::NoSaga`]; as for the store.
    pub async fn order(&self, id: &SagaId, order: Order) -> Result<(), SagaError> {
        let shared = &self.shared;
        loop {
            let Some((live, at)) = shared.live(id).await? else {
                self.log(id).await?;
                return Err(SagaError::Ended(id.clone()));
            };
            let number = shared.orders.fetch_add(1, Ordering::Relaxed);
            let (key, order) = (shared.rows().live(id), encode_order(&order));
            // It is written anew as it is: whoever drives the saga hears of the order before it writes anything.
            let commit = Commit::new()
                .given(Condition::At(key.clone(), at))
                .put(key, live.encode())
                .put(shared.rows().order(id, [at.get(), shared.own, number]), order);
            match shared.store.commit(commit).await {
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
                Ok(at) => {
                    shared.ordered(id);
                    take(shared, id, live, at).await?;
                    return Ok(());
                }
            }
        }
    }

    /// Waits until a saga has ended, or is stuck. Which of it.
    ///
    /// # Errors
    ///
    /// As for the store; [`SagaError::NoSaga`].
    pub async fn ended(&self, id: &SagaId) -> Result<Phase, SagaError> {
        let shared = &self.shared;
        loop {
            // Who drives it here says how it ends; of others only the store tells.
            if let Some(phase) = shared.over(id).await {
                return Ok(phase);
            }
            let seen = shared.store.read(Query::new()).await?.revision;
            let phase = self.log(id).await?.state().phase();
            if phase.is_end() || matches!(phase, Phase::Stuck(_)) {
                return Ok(phase);
            }
            let row = Range::only(shared.rows().live(id));
            // Where changes are forgotten, it is looked at again.
            let _ = Watch::new(&shared.store, row, seen).next().await;
        }
    }

    /// What has happened to a saga.
    ///
    /// # Errors
    ///
    /// As for the store; [`SagaError::NoSaga`].
    pub async fn log(&self, id: &SagaId) -> Result<SagaLog, SagaError> {
        self.shared.log(id).await
    }

    /// The sagas that have not ended, whoever drives them; at most so many, behind this one.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn list(
        &self,
        behind: Option<&SagaId>,
        most: usize,
    ) -> Result<Vec<Standing>, SagaError> {
        let shared = &self.shared;
        let all = shared.rows().all_live();
        let range = behind.map_or_else(|| all.clone(), |id| all.after(&shared.rows().live(id)));
        let rows = shared.store.range(range, most).await?.rows;
        let standing = rows.iter().filter_map(|row| {
            let Live { epoch, until, is_stuck, .. } = Live::decode(&row.value).ok()?;
            Some(Standing { id: shared.rows().id_of(&row.key), epoch, until, is_stuck })
        });
        Ok(standing.collect())
    }

    /// What it has done so far.
    pub fn counts(&self) -> OrchestratorCounts {
        *lock(&self.shared.counts)
    }

    /// How many sagas are driven here.
    pub fn running(&self) -> usize {
        lock(&self.shared.running).len()
    }
}
