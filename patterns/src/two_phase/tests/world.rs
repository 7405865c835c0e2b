//! A coordinator and three participants, over a network that loses.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::Stream;

use crate::call::BoxFuture;
use crate::messaging::tests::Dated;
use crate::store::{Change, Commit, MemoryStore, Query, Range, Revision, Store, StoreError, View};
use crate::sync::lock;
use crate::testing::ms;
use crate::two_phase::{
    Ask, Begun, Branches, Config, Coordinating, Decision, Inquiring, Participant, Reply,
    TransactionId,
};

/// What somebody does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// The coordinator does not write down what it has decided.
    Forgets,
    /// Participants do not write down what they have voted for.
    VotesInMemory,
}

const NAMES: [&str; 3] = ["inventory", "courier", "payment"];

type Alive = Option<Arc<Coordinating<Dated>>>;

pub(super) struct World {
    clock: Dated,
    seed: u64,
    flaw: Flaw,
    /// How often something is lost or late, in hundredths.
    rate: Arc<AtomicU64>,
    log: MemoryStore,
    stores: Vec<Mutex<MemoryStore>>,
    alive: Arc<Mutex<Alive>>,
    /// Nothing is decided.
    is_stopped: Arc<AtomicBool>,
    asking: Mutex<Vec<Option<Inquiring<Dated>>>>,
    told: Arc<Mutex<BTreeMap<u64, Decision>>>,
    lives: AtomicU64,
}

/// The log of a coordinator, which may forget, or stand still.
#[derive(Debug)]
struct Log {
    rows: MemoryStore,
    forgets: bool,
    is_stopped: Arc<AtomicBool>,
}

impl Store for Log {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Box::pin(std::future::pending());
        }
        match self.forgets {
            true => Box::pin(async { Ok(Revision::ZERO) }),
            false => self.rows.commit(commit),
        }
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.rows.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.rows.forget(through)
    }
}

/// A participant that writes one row for each transaction, and refuses some.
#[derive(Clone)]
struct Desk {
    branches: Branches,
    store: Arc<dyn Store>,
    refuses: bool,
}

impl Desk {
    async fn answer(&self, ask: Ask) -> Result<Reply, StoreError> {
        let name = Arc::clone(&ask.name);
        let mut work = match self.branches.begin(&self.store, ask).await? {
            Begun::Known(reply) => return Ok(reply),
            Begun::Work(work) => work,
        };
        if self.refuses && name.ends_with('3') {
            return Ok(Reply::No);
        }
        if work.lock("the one thing").await?.is_some() {
            return Ok(Reply::Locked);
        }
        work.put(format!("done/{}", work.ask.transaction), name.as_bytes());
        self.branches.vote(*work).await
    }
}

impl Participant for Desk {
    fn ask(&self, ask: Ask) -> BoxFuture<Reply> {
        let own = self.clone();
        Box::pin(async move {
            loop {
                match own.answer(ask.clone()).await {
                    Err(StoreError::Conflict) => {}
                    answer => return answer.unwrap_or(Reply::Unknown),
                }
            }
        })
    }
}

impl World {
    pub(super) fn new(seed: u64, rate: f64, flaw: Flaw) -> Self {
        let world = Self {
            clock: Dated::new(),
            seed,
            flaw,
            rate: Arc::new(AtomicU64::new((rate * 100.0) as u64)),
            log: MemoryStore::new(),
            stores: NAMES.map(|_| Mutex::new(MemoryStore::new())).into(),
            alive: Arc::default(),
            is_stopped: Arc::default(),
            asking: Mutex::new(NAMES.map(|_| None).into()),
            told: Arc::default(),
            lives: AtomicU64::new(0),
        };
        world.restart();
        (0..NAMES.len()).for_each(|number| world.restart_participant(number));
        world
    }

    fn desk(&self, number: usize) -> Desk {
        let store = Arc::new(lock(&self.stores[number]).clone());
        Desk { branches: Branches::new("b/"), store, refuses: number == 1 }
    }

    pub(super) fn restart(&self) {
        self.stop();
        self.is_stopped.store(false, Ordering::Relaxed);
        let life = self.lives.fetch_add(1, Ordering::Relaxed);
        let participants = (0..NAMES.len()).map(|number| {
            let draws = Stream::from_seed(self.seed * 1_000 + life * 10 + number as u64);
            let (rate, draws) = (Arc::clone(&self.rate), Arc::new(Mutex::new(draws)));
            let desk = self.desk(number);
            let lossy = move |ask: Ask| {
                let (desk, rate, draws) = (desk.clone(), Arc::clone(&rate), Arc::clone(&draws));
                async move { lossy(&desk, ask, &rate, &draws).await }
            };
            (NAMES[number].into(), Arc::new(lossy) as Arc<dyn Participant>)
        });
        let config = Config { timeout: ms(500), pause: ms(20), ..Config::new("c/", "desk") };
        let (rows, forgets) = (self.log.clone(), self.flaw == Flaw::Forgets);
        let store = Arc::new(Log { rows, forgets, is_stopped: Arc::clone(&self.is_stopped) });
        let numbers = Stream::from_seed(self.seed * 1_000 + life);
        let participants = participants.collect();
        let own = Coordinating::start(config, self.clock, numbers, store, participants);
        *lock(&self.alive) = Some(Arc::new(own.unwrap()));
    }

    pub(super) fn stop(&self) {
        let gone = lock(&self.alive).take();
        drop(gone);
    }

    pub(super) fn stop_before_deciding(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn restart_participant(&self, number: usize) {
        if self.flaw == Flaw::VotesInMemory {
            let store = lock(&self.stores[number]).clone();
            tokio::spawn(async move {
                for kind in ["b/doubt/", "b/lock/"] {
                    for row in store.range(Range::prefix(kind), 1_000).await.unwrap().rows {
                        store.commit(Commit::new().delete(row.key)).await.unwrap();
                    }
                }
            });
        }
        let (desk, alive) = (self.desk(number), Arc::clone(&self.alive));
        let inquire = move |id: TransactionId| -> BoxFuture<Option<Decision>> {
            let coordinator = lock(&alive).clone();
            Box::pin(async move { coordinator?.decided(&id).await.ok()? })
        };
        let kept = (desk.branches, desk.store);
        let asking = Inquiring::start(&self.clock, ms(100), kept, inquire);
        lock(&self.asking)[number] = Some(asking);
    }

    pub(super) fn begin(&self, number: u64) {
        let Some(coordinator) = lock(&self.alive).clone() else { return };
        let told = Arc::clone(&self.told);
        // It is not who asks that keeps it alive.
        let coordinator = Arc::downgrade(&coordinator);
        tokio::spawn(async move {
            let Some(coordinator) = coordinator.upgrade() else { return };
            let participants = NAMES.map(Into::into);
            let run = coordinator.run(number.to_string(), &participants);
            if let Ok(Ok(decision)) = tokio::time::timeout(Duration::from_secs(2), run).await {
                let mut told = lock(&told);
                let known = told.entry(number).or_insert(decision);
                if decision == Decision::Commit {
                    *known = decision;
                }
            }
        });
    }

    pub(super) fn calm(&self) {
        self.rate.store(0, Ordering::Relaxed);
        if lock(&self.alive).is_none() {
            self.restart();
        }
    }

    pub(super) fn told(&self, number: u64) -> Option<Decision> {
        lock(&self.told).get(&number).copied()
    }

    pub(super) async fn in_doubt(&self) -> usize {
        let mut count = 0;
        for number in 0..NAMES.len() {
            let Desk { branches, store, .. } = self.desk(number);
            count += branches.in_doubt(&store, 100).await.unwrap().len();
        }
        count
    }

    /// How many have committed and how many have not, or what is wrong.
    pub(super) async fn judge(&self) -> Result<[u64; 2], String> {
        if self.in_doubt().await > 0 {
            return Err("somebody is in doubt for ever".to_owned());
        }
        let mut done: BTreeMap<String, u64> = BTreeMap::new();
        let mut names: BTreeMap<String, u64> = BTreeMap::new();
        for number in 0..NAMES.len() {
            let store = self.desk(number).store;
            if !store.range(Range::prefix("b/lock/"), 10).await.unwrap().rows.is_empty() {
                return Err("something is locked by nobody".to_owned());
            }
            for row in store.range(Range::prefix("done/"), 1_000).await.unwrap().rows {
                *done.entry(String::from_utf8_lossy(&row.key).into_owned()).or_default() += 1;
                *names.entry(String::from_utf8_lossy(&row.value).into_owned()).or_default() += 1;
            }
        }
        if let Some((name, _)) = done.iter().find(|(_, count)| **count != 3) {
            return Err(format!("not all have done {name}"));
        }
        if let Some((name, _)) = names.iter().find(|(_, count)| **count != 3) {
            return Err(format!("{name} has committed twice"));
        }
        let told = lock(&self.told);
        for (number, decision) in &*told {
            let is_done = names.contains_key(&number.to_string());
            if *decision == Decision::Commit && !is_done {
                return Err(format!("{number} was told to be committed, and was not"));
            }
        }
        let committed = names.len() as u64;
        Ok([committed, 6_u64.saturating_sub(committed)])
    }
}

async fn lossy(desk: &Desk, ask: Ask, rate: &AtomicU64, draws: &Mutex<Stream>) -> Reply {
    let (is_hit, fate, delay) = {
        let mut draws = lock(draws);
        (draws.below(100) < rate.load(Ordering::Relaxed), draws.below(4), ms(draws.below(700)))
    };
    if !is_hit {
        tokio::time::sleep(ms(5)).await;
        return desk.ask(ask).await;
    }
    match fate {
        0 => Reply::Unknown,
        1 => {
            desk.ask(ask).await;
            Reply::Unknown
        }
        2 => {
            let desk = desk.clone();
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                desk.ask(ask).await;
            });
            Reply::Unknown
        }
        _ => {
            tokio::time::sleep(delay).await;
            desk.ask(ask).await
        }
    }
}
