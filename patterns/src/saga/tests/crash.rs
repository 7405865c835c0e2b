//! Killed at every place of its log, before what it writes there is durable and after: another one comes to the same end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cascadia_runtime::Stream;
use tokio::sync::Notify;

use super::scripted::order;
use super::world::did;
use crate::call::BoxFuture;
use crate::messaging::tests::{Dated, run};
use crate::saga::Direction;
use crate::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig};
use crate::saga::participant::{Ledger, Local, Turn};
use crate::saga::state::Phase;
use crate::store::{Change, Commit, MemoryStore, Query, Revision, Store, StoreError, View};
use crate::testing::ms;

/// A store whose user is killed at its n-th commit.
#[derive(Clone, Debug)]
struct Deadly {
    inner: MemoryStore,
    left: Arc<AtomicU64>,
    /// The last commit happens.
    happens: bool,
    died: Arc<Notify>,
}

impl Store for Deadly {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.inner.read(query)
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let own = self.clone();
        Box::pin(async move {
            if own.left.fetch_sub(1, Ordering::Relaxed) > 1 {
                return own.inner.commit(commit).await;
            }
            if own.happens {
                own.inner.commit(commit).await?;
            }
            own.died.notify_one();
            std::future::pending().await
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.inner.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.inner.forget(through)
    }
}

const STEPS: [(&str, &str); 4] =
    [("reserve", "inventory"), ("book", "courier"), ("charge", "payment"), ("confirm", "shop")];

fn cast(shared: &MemoryStore, is_refused: bool) -> Cast {
    let all = STEPS.into_iter();
    all.fold(Cast::new().definition(order()), |cast, (_, name)| {
        let store: Arc<dyn Store> = Arc::new(shared.clone());
        let effects = move |mut turn: Turn| async move {
            let is_do = turn.direction() == Direction::Do;
            if is_refused && is_do && &*turn.command.step == "charge" {
                return Ok(turn.refuse("declined", ""));
            }
            let row = format!("did/{}/{}", turn.command.saga, turn.command.step);
            let mut did = turn.transaction.get(row.as_str()).await?.unwrap_or_default();
            did.extend([if is_do { b'd' } else { b'u' }, turn.command.epoch.0 as u8]);
            turn.transaction.put(row, did);
            Ok(turn.done("ok"))
        };
        cast.participant(name, Local::new(Ledger::new("l/"), store, effects))
    })
}

/// Where it ends, what was done, and whether it was killed before.
async fn killed_at(commit: u64, happens: bool, is_refused: bool) -> (Phase, Vec<String>, bool) {
    let (log, effects) = (MemoryStore::new(), MemoryStore::new());
    let died = Arc::new(Notify::new());
    let left = Arc::new(AtomicU64::new(commit));
    let deadly = Deadly { inner: log.clone(), left, happens, died: Arc::clone(&died) };
    let start = |store: Arc<dyn Store>, seed| {
        let config =
            OrchestratorConfig { lease: ms(500), skew: ms(1), ..OrchestratorConfig::new("s/") };
        let mut stream = Stream::from_seed(seed);
        Orchestrator::start(config, Dated::new(), &mut stream, store, cast(&effects, is_refused))
    };
    let id = "7".into();
    let first = start(Arc::new(deadly), 1);
    let life = async {
        first.begin("7", "order", "a book").await.unwrap();
        first.ended(&id).await.unwrap();
    };
    let is_killed = tokio::select! {
        biased;
        () = died.notified() => true,
        () = life => false,
    };
    drop(first);
    let second = start(Arc::new(log), 2);
    second.begin("7", "order", "a book").await.unwrap();
    let phase = second.ended(&id).await.unwrap();
    let mut done = Vec::new();
    for (step, _) in STEPS {
        done.push(did(&effects, "7", step).await);
    }
    (phase, done, is_killed)
}

#[test]
fn killed_at_every_place_of_its_log_it_comes_to_the_same_end() {
    for (is_refused, end, did) in [
        (false, Phase::Completed, ["d", "d", "d", "d"]),
        (true, Phase::Compensated, ["du", "du", "", ""]),
    ] {
        let mut places = 0;
        for commit in 1.. {
            let mut is_killed = false;
            for happens in [true, false] {
                let (phase, done, was_killed) = run(killed_at(commit, happens, is_refused));
                assert_eq!((phase, done), (end, did.map(String::from).to_vec()), "at {commit}");
                is_killed |= was_killed;
            }
            if !is_killed {
                break;
            }
            places += 1;
        }
        assert!(places >= 5, "{places}");
    }
}
