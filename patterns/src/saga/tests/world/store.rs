use std::sync::{Arc, Mutex};

use cascadia_runtime::Stream;
use tokio::sync::watch;

use super::check::fenced;
use crate::call::BoxFuture;
use crate::store::{
    Change, Commit, Condition, MemoryStore, Query, Revision, Store, StoreError, View,
};
use crate::sync::lock;
use crate::testing::ms;

/// What a store does to a commit before it happens, where a fault is planted.
pub(in crate::saga::tests) type Plant = fn(&mut Commit);

/// A store as one who uses it sees it: it takes its time, and what has become of a commit is not always told. Whoever is paused
/// comes to it later.
#[derive(Clone, Debug)]
pub(in crate::saga::tests) struct Shaky {
    inner: MemoryStore,
    draws: Arc<Mutex<Stream>>,
    /// The share of commits of which nobody is told what has become of them.
    unknown: f64,
    is_calm: watch::Receiver<bool>,
    is_paused: watch::Receiver<bool>,
    plant: Option<Plant>,
}

impl Shaky {
    pub(in crate::saga::tests) fn new(
        inner: &MemoryStore,
        seed: u64,
        unknown: f64,
        is_calm: &watch::Receiver<bool>,
        is_paused: &watch::Receiver<bool>,
    ) -> Self {
        Self {
            inner: inner.clone(),
            draws: Arc::new(Mutex::new(Stream::from_seed(seed))),
            unknown,
            is_calm: is_calm.clone(),
            is_paused: is_paused.clone(),
            plant: None,
        }
    }

    pub(in crate::saga::tests) fn planted(self, plant: Option<Plant>) -> Self {
        Self { plant, ..self }
    }

    async fn pass(&mut self) {
        // A pause that nobody ends any more is none.
        let _ = self.is_paused.wait_for(|is_paused| !is_paused).await;
        let delay = lock(&self.draws).below(3);
        tokio::time::sleep(ms(delay)).await;
        let _ = self.is_paused.wait_for(|is_paused| !is_paused).await;
    }
}

impl Store for Shaky {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        let mut own = self.clone();
        Box::pin(async move {
            own.pass().await;
            own.inner.read(query).await
        })
    }

    fn commit(&self, mut commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let mut own = self.clone();
        Box::pin(async move {
            own.pass().await;
            if let Some(plant) = own.plant {
                plant(&mut commit);
            }
            let is_calm = *own.is_calm.borrow();
            let (is_told, has_happened) = {
                let mut draws = lock(&own.draws);
                (is_calm || draws.unit() >= own.unknown, draws.below(2) == 0)
            };
            match (is_told, has_happened) {
                (true, _) => own.inner.commit(commit).await,
                (false, true) => {
                    // It has happened, and nobody is told.
                    let _ = own.inner.commit(commit).await;
                    Err(StoreError::Unknown("lost".into()))
                }
                (false, false) => Err(StoreError::Unknown("lost".into())),
            }
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.inner.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.inner.forget(through)
    }
}

/// Planted: whoever has a lease writes as if it still had it.
pub(in crate::saga::tests) fn without_lease(commit: &mut Commit) {
    commit.given.retain(|condition| !matches!(condition, Condition::At(..)));
}

/// Planted: an undo that comes before its action leaves no tombstone.
pub(in crate::saga::tests) fn without_tombstone(commit: &mut Commit) {
    let is_tombstone = |value: &Option<Vec<u8>>| {
        value.as_ref().is_some_and(|value| value.len() == 6 && value[5] == 2)
    };
    commit.writes.retain(|key, value| !(key.starts_with(b"l/cmd/") && is_tombstone(value)));
}

/// Planted: nobody remembers an epoch.
pub(in crate::saga::tests) fn without_fence(commit: &mut Commit) {
    let fences: Vec<_> =
        commit.writes.keys().filter(|key| fenced(key).is_some()).cloned().collect();
    for key in fences {
        let value = commit.writes.remove(&key).flatten();
        // It is kept where only the check looks.
        commit.writes.insert([b"was/".as_slice(), &key].concat(), value);
    }
    commit.given.retain(|condition| match condition {
        Condition::At(key, _) | Condition::Absent(key) => fenced(key).is_none(),
        _ => true,
    });
}
