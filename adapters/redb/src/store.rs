use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::store::{Change, Commit, Query, Revision, Store, StoreError, View};
use cascadia_runtime::{Disk, Runtime};
use tokio::sync::watch;

use crate::apply::Job;
use crate::config::RedbConfig;
use crate::engine::{Engine, careful};
use crate::queue::{Queue, lock};
use crate::snapshot::Snapshot;
use crate::tables::Found;
use crate::world::World;

/// A store in a file of a disk. Its clones are the same store.
#[derive(Clone, Debug)]
pub struct RedbStore(Arc<Shared>);

struct Shared {
    world: Arc<World>,
    engine: Arc<Mutex<Engine>>,
    queue: Queue,
    group: usize,
    durable: Mutex<Durable>,
    /// The newest durable revision, for those who wait for one.
    newest: watch::Sender<Revision>,
}

/// What readers see.
#[derive(Default)]
struct Durable {
    /// Nothing while the file has to be opened anew.
    snapshot: Option<Arc<Snapshot>>,
    /// How often that was replaced.
    turn: u64,
}

impl Durable {
    fn replace(&mut self, snapshot: Option<Arc<Snapshot>>) {
        *self = Self { snapshot, turn: self.turn + 1 };
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("newest", &*self.newest.borrow()).finish_non_exhaustive()
    }
}

impl RedbStore {
    /// Opens the store in a file of this name, or makes it.
    ///
    /// # Errors
    ///
    /// `Corrupt` where the file is not what was written, `Full` and `Unavailable` where the disk is.
    pub async fn open<R: Runtime>(
        world: R,
        disk: Arc<dyn Disk>,
        name: &str,
        config: RedbConfig,
    ) -> Result<Self, StoreError> {
        let group = config.group;
        let shared = Arc::new(Shared {
            world: World::new(world),
            engine: Arc::new(Mutex::new(Engine::new(disk, name, config))),
            queue: Queue::default(),
            group,
            durable: Mutex::default(),
            newest: watch::Sender::new(Revision::ZERO),
        });
        shared.snapshot().await?;
        Ok(Self(shared))
    }

    /// Closes the file, so that it opens without repair. Whoever uses the store after that opens it again.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub async fn close(self) -> Result<(), StoreError> {
        lock(&self.0.durable).replace(None);
        let engine = Arc::clone(&self.0.engine);
        self.0.world.blocking(move || lock(&engine).close()).await.unwrap_or_else(|| Err(gone()))
    }
}

/// The world did not do what it was asked to.
fn gone() -> StoreError {
    StoreError::Unavailable("the work was not done to its end".to_owned())
}

impl Shared {
    /// The durable state.
    async fn snapshot(&self) -> Found<Arc<Snapshot>> {
        loop {
            let turn = match &*lock(&self.durable) {
                Durable { snapshot: Some(snapshot), .. } => return Ok(Arc::clone(snapshot)),
                Durable { turn, .. } => *turn,
            };
            let engine = Arc::clone(&self.engine);
            let read = self.world.blocking(move || lock(&engine).snapshot().map(Arc::new));
            let snapshot = read.await.ok_or_else(gone)??;
            let mut durable = lock(&self.durable);
            // What was committed meanwhile is not in it.
            if durable.turn == turn {
                self.newest.send_replace(snapshot.revision);
                durable.replace(Some(snapshot));
            }
        }
    }

    /// Reads from the durable state. What cannot be read is opened anew for whoever comes next.
    async fn look<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Snapshot) -> Found<T> + Send + 'static,
    ) -> Found<T> {
        let snapshot = self.snapshot().await?;
        let looked_at = Arc::clone(&snapshot);
        let found = self.world.blocking(move || careful(|| read(&snapshot))).await;
        let found = found.ok_or_else(gone)?;
        if matches!(found, Err(StoreError::Unavailable(_) | StoreError::Corrupt(_))) {
            let mut durable = lock(&self.durable);
            if durable.snapshot.as_ref().is_some_and(|now| Arc::ptr_eq(now, &looked_at)) {
                durable.replace(None);
            }
        }
        found
    }

    async fn ask(self: Arc<Self>, job: Job) -> Found<Revision> {
        let (told, wants_worker) = self.queue.push(job);
        if wants_worker {
            let worker = Worker { shared: Some(Arc::clone(&self)) };
            self.world.spawn(Box::pin(worker.run()));
        }
        told.await.unwrap_or_else(|_| Err(StoreError::Unknown("the worker is gone".to_owned())))
    }

    async fn changes(&self, after: Revision) -> Found<Vec<Change>> {
        let mut newest = self.newest.subscribe();
        loop {
            newest.borrow_and_update();
            if self.snapshot().await?.revision > after {
                return self.look(move |snapshot| snapshot.changes(after)).await;
            }
            newest.changed().await.map_err(|_| gone())?;
        }
    }
}

/// The one task that commits, as long as there is something to be committed.
struct Worker {
    shared: Option<Arc<Shared>>,
}

impl Worker {
    async fn run(mut self) {
        let Some(shared) = self.shared.clone() else { return };
        while let Some((jobs, answers)) = shared.queue.take(shared.group) {
            let engine = Arc::clone(&shared.engine);
            let done = shared.world.blocking(move || lock(&engine).run(&jobs)).await;
            // Where it was not done to its end, nobody knows.
            let done = done.unwrap_or_default();
            let durable = done.snapshot.map(Arc::new);
            let newest = durable.as_ref().map(|snapshot| snapshot.revision);
            lock(&shared.durable).replace(durable);
            for (answer, told) in answers.into_iter().zip(done.answers) {
                // Who has left is told nothing.
                let _ = answer.send(told);
            }
            if let Some(newest) = newest {
                shared.newest.send_replace(newest);
            }
        }
        // The queue knows that nobody is at work.
        self.shared = None;
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(shared) = &self.shared {
            shared.queue.abandon();
        }
    }
}

impl Store for RedbStore {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.look(move |snapshot| snapshot.view(&query)).await })
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            commit.check()?;
            shared.ask(Job::Commit(commit)).await
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.changes(after).await })
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.ask(Job::Forget(through)).await.map(drop) })
    }
}
