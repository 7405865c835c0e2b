use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Task, Time};
use tokio::sync::{OnceCell, mpsc, oneshot};

use super::config::Config;
use super::core::Coordinator;
use super::rows::{Decided, Rows};
use crate::config::ConfigError;
use crate::store::{Commit, Condition, Key, Store, StoreError, Value};
use crate::sync::{before, lock};
use crate::two_phase::ids::TransactionId;
use crate::two_phase::word::{Ask, Decision, Participant, Reply, What};

/// A coordinator at work. Dropped, it stops where it stands; one of the same name finds what it had decided.
pub struct Coordinating<R: Runtime> {
    shared: Arc<Shared<R>>,
    numbers: Mutex<Stream>,
}

struct Shared<R: Runtime> {
    config: Config,
    world: R,
    store: Arc<dyn Store>,
    rows: Rows,
    participants: BTreeMap<Arc<str>, Arc<dyn Participant>>,
    /// Which life this is: what an earlier one of the name decides then does not count.
    life: u64,
    /// That this has become known to the store.
    held: OnceCell<()>,
    /// Those that are not decided.
    open: Mutex<BTreeSet<TransactionId>>,
    tasks: Mutex<BTreeMap<TransactionId, R::Task>>,
    recovering: Mutex<Option<R::Task>>,
}

type Told = (usize, What, Reply);
type Tell = oneshot::Sender<Result<Decision, StoreError>>;

impl<R: Runtime> Coordinating<R> {
    /// One that goes on with what one of its name has left.
    ///
    /// # Errors
    ///
    /// As for [`Config::check`].
    pub fn start(
        config: Config,
        world: R,
        mut numbers: Stream,
        store: Arc<dyn Store>,
        participants: BTreeMap<Arc<str>, Arc<dyn Participant>>,
    ) -> Result<Self, ConfigError> {
        config.check()?;
        let rows = Rows(config.prefix.clone());
        let shared = Shared {
            life: numbers.next_u64(),
            held: OnceCell::new(),
            open: Mutex::default(),
            tasks: Mutex::default(),
            recovering: Mutex::default(),
            config,
            world,
            store,
            rows,
            participants,
        };
        let shared = Arc::new(shared);
        let own = Arc::clone(&shared);
        let recovering = shared.world.spawn(async move { own.recover().await });
        *lock(&shared.recovering) = Some(recovering);
        Ok(Self { shared, numbers: Mutex::new(numbers) })
    }

    /// Has a transaction of some participants decided. What was begun under one name commits once; who comes again is told
    /// so. A commit is told when it is written down, which is before all have done it.
    ///
    /// # Errors
    ///
    /// As for the store. It may commit all the same.
    pub async fn run(
        &self,
        name: impl Into<Arc<str>>,
        participants: &[Arc<str>],
    ) -> Result<Decision, StoreError> {
        let (shared, name) = (&self.shared, name.into());
        shared.hold().await;
        if shared.store.get(shared.rows.named(&name)).await?.is_some() {
            return Ok(Decision::Commit);
        }
        let number = lock(&self.numbers).next_u64();
        let id = TransactionId { by: Arc::clone(&shared.config.name), number };
        lock(&shared.open).insert(id.clone());
        let core = Coordinator::begin(participants.len());
        let decided = Decided { name, participants: participants.to_vec() };
        let (tell, told) = oneshot::channel();
        shared.start(id, decided, core, Some(tell));
        told.await.unwrap_or_else(|_| Err(StoreError::Unknown("the coordinator has ended".into())))
    }

    /// How a transaction of this coordinator ends, for who is in doubt; nothing while that is not decided, or where another one
    /// has its name by now. Of what is not known here, it is presumed that it was aborted.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn decided(&self, id: &TransactionId) -> Result<Option<Decision>, StoreError> {
        let shared = &self.shared;
        shared.hold().await;
        if lock(&shared.open).contains(id) {
            return Ok(None);
        }
        let row = shared.store.get(shared.rows.commit(id)).await?;
        if !shared.is_held().await? {
            return Ok(None);
        }
        Ok(Some(if row.is_some() { Decision::Commit } else { Decision::Abort }))
    }
}

impl<R: Runtime> Shared<R> {
    fn start(
        self: &Arc<Self>,
        id: TransactionId,
        decided: Decided,
        core: Coordinator,
        tell: Option<Tell>,
    ) {
        let (own, of) = (Arc::clone(self), id.clone());
        let mut tasks = lock(&self.tasks);
        let task = self.world.spawn(async move {
            Arc::clone(&own).drive(&of, decided, core, tell).await;
            let ended = lock(&own.tasks).remove(&of);
            drop(ended);
        });
        tasks.insert(id, task);
    }

    /// Has the store know that it is this life which decides.
    async fn hold(&self) {
        let hold = || async {
            let (key, own) = self.life();
            let commit = Commit::new().put(key, own);
            while self.store.commit(commit.clone()).await.is_err() {
                self.world.sleep(self.config.pause).await;
            }
        };
        self.held.get_or_init(hold).await;
    }

    async fn is_held(&self) -> Result<bool, StoreError> {
        let (key, own) = self.life();
        Ok(self.store.get(key).await?.is_some_and(|row| row.value == own))
    }

    fn life(&self) -> (Key, Value) {
        (self.rows.life(&self.config.name), self.life.to_be_bytes().to_vec())
    }

    /// Tells all of what was decided in an earlier life.
    async fn recover(self: Arc<Self>) {
        self.hold().await;
        let by = Arc::clone(&self.config.name);
        let mut rest = Some(self.rows.commits_of(&by));
        while let Some(range) = rest.take() {
            let Ok(page) = self.store.range(range.clone(), 1_000).await else {
                self.world.sleep(self.config.pause).await;
                rest = Some(range);
                continue;
            };
            for row in &page.rows {
                let found = self.rows.id_of(&by, &row.key).zip(Decided::decode(&row.value));
                let Some((id, decided)) = found else { continue };
                let core = Coordinator::committing(decided.participants.len());
                self.start(id, decided, core, None);
            }
            rest = page.rest;
        }
    }

    /// Asks, decides and tells, until nobody has to be told any more.
    async fn drive(
        self: Arc<Self>,
        id: &TransactionId,
        decided: Decided,
        mut core: Coordinator,
        mut tell: Option<Tell>,
    ) {
        let (replies, mut told) = mpsc::unbounded_channel::<Told>();
        let late = self.world.now() + self.config.timeout;
        loop {
            let mut ready = core.ready();
            if let Some(decision) = ready.decided {
                let ended = self.decide(id, &decided, decision).await;
                if ended.is_err() {
                    core.on_taken();
                    ready = core.ready();
                }
                lock(&self.open).remove(id);
                // What another one of the name has committed is committed.
                let ended = match ended {
                    Err(StoreError::Conflict) => Ok(Decision::Commit),
                    ended => ended.map(|()| decision),
                };
                if let Some(tell) = tell.take() {
                    // Who has gone need not be told.
                    let _ = tell.send(ended);
                }
            }
            ready.asks.drain(..).for_each(|ask| self.ask(id, &decided, ask, &replies));
            if core.is_over() {
                break;
            }
            let until = if core.decision().is_none() { late } else { Time::MAX };
            match before(&self.world, until, Box::pin(told.recv())).await {
                Some(Some((participant, what, reply))) => core.on_reply(participant, what, reply),
                Some(None) => return,
                None => core.on_timeout(),
            }
        }
        if core.decision() == Some(Decision::Commit) {
            // Who finds it again tells all once more.
            let _ = self.store.commit(Commit::new().delete(self.rows.commit(id))).await;
        }
    }

    /// Writes down that it commits, however often that takes; an abort is presumed.
    async fn decide(
        &self,
        id: &TransactionId,
        decided: &Decided,
        decision: Decision,
    ) -> Result<(), StoreError> {
        if decision == Decision::Abort {
            return Ok(());
        }
        let (row, named) = (self.rows.commit(id), self.rows.named(&decided.name));
        let (life, own) = self.life();
        let commit = Commit::new()
            .given(Condition::Absent(named.clone()))
            .given(Condition::Equals(life, own))
            .put(named.clone(), id.bytes())
            .put(row, decided.encode());
        loop {
            let written = self.store.commit(commit.clone()).await;
            let Err(error) = written else { return Ok(()) };
            // It may have been this very decision that was written.
            match self.store.get(named.clone()).await {
                Ok(Some(row)) if row.value == id.bytes() => return Ok(()),
                Ok(Some(_)) => return Err(StoreError::Conflict),
                Ok(None) if matches!(self.is_held().await, Ok(false)) => {
                    return Err(StoreError::Unknown("another one has its name".into()));
                }
                _ if matches!(error, StoreError::TooLarge) => return Err(error),
                _ => self.world.sleep(self.config.pause).await,
            }
        }
    }

    /// Asks somebody, who is asked again after a pause where that has no answer.
    fn ask(
        self: &Arc<Self>,
        id: &TransactionId,
        decided: &Decided,
        (number, what): (usize, What),
        replies: &mpsc::UnboundedSender<Told>,
    ) {
        let to = self.participants.get(&decided.participants[number]).map(Arc::clone);
        let ask = Ask { transaction: id.clone(), name: Arc::clone(&decided.name), what };
        let (own, replies) = (Arc::clone(self), replies.clone());
        let asked = async move {
            let reply = match to {
                Some(to) => to.ask(ask).await,
                None => Reply::No,
            };
            if matches!(reply, Reply::Locked | Reply::Unknown) {
                own.world.sleep(own.config.pause).await;
            }
            // One that is over has no use for it.
            let _ = replies.send((number, what, reply));
        };
        // It ends by itself, or with whoever asks.
        drop(self.world.spawn(asked));
    }
}

impl<R: Runtime> Drop for Coordinating<R> {
    fn drop(&mut self) {
        let tasks = std::mem::take(&mut *lock(&self.shared.tasks));
        let recovering = lock(&self.shared.recovering).take();
        tasks.into_values().chain(recovering).for_each(|task| task.abort());
    }
}

impl<R: Runtime> fmt::Debug for Coordinating<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coordinating").field("config", &self.shared.config).finish_non_exhaustive()
    }
}
