//! What the tests share.

use std::io;
use std::sync::{Arc, Mutex};

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::store::suite::{Journal, Teller, interleave};
use cascadia_patterns::store::{Range, Store, StoreError, Watch};
use cascadia_redb::{RedbConfig, RedbStore};
use cascadia_runtime::{Disk, File, MemoryDisk, Runtime, Stream};
use cascadia_sim_core::Simulation;

pub(crate) const NAME: &str = "store";

/// A number from the environment.
#[expect(clippy::disallowed_methods, reason = "tests are told how long to run")]
pub(crate) fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |count| count.parse().expect("a number"))
}

/// A disk that is larger than what is written to it.
pub(crate) fn disk() -> MemoryDisk {
    MemoryDisk::new(64 << 20)
}

/// A small cache, so that much is read from the disk again.
pub(crate) fn config() -> RedbConfig {
    RedbConfig { group: 8, cache: 1 << 20, ..RedbConfig::default() }
}

pub(crate) async fn open<R: Runtime>(
    world: &R,
    disk: impl Disk + 'static,
) -> Result<Arc<dyn Store>, StoreError> {
    let store = RedbStore::open(world.clone(), Arc::new(disk), NAME, config()).await?;
    Ok(Arc::new(store))
}

/// Runs something in a simulated world, where blocking work is done in its order.
pub(crate) fn simulate<T: Send + 'static>(
    seed: u64,
    work: impl FnOnce(cascadia_sim_core::Sim) -> BoxFuture<T>,
) -> T {
    let mut simulation = Simulation::new(seed);
    let (sim, result) = (simulation.sim(), Arc::new(Mutex::new(None)));
    let (work, kept) = (work(sim), Arc::clone(&result));
    simulation
        .block_on(async move {
            let done = work.await;
            *kept.lock().unwrap() = Some(done);
        })
        .unwrap();
    result.lock().unwrap().take().unwrap()
}

pub(crate) fn teller(journal: &Arc<Mutex<Journal>>) -> Teller {
    let journal = Arc::clone(journal);
    Arc::new(move |number, told| journal.lock().unwrap().tell(number, told))
}

/// Runs clients, and one that follows what they commit, until they end.
pub(crate) async fn together(
    store: &Arc<dyn Store>,
    clients: Vec<BoxFuture<()>>,
    journal: &Arc<Mutex<Journal>>,
    draws: &mut Stream,
) {
    let follows = follow(Arc::clone(store), Arc::clone(journal));
    let clients = interleave(clients, draws);
    tokio::pin!(follows, clients);
    std::future::poll_fn(|context| {
        let _ = follows.as_mut().poll(context);
        clients.as_mut().poll(context)
    })
    .await;
}

/// What anybody was shown has to stay.
async fn follow(store: Arc<dyn Store>, journal: Arc<Mutex<Journal>>) {
    let Ok(now) = store.revision().await else { return std::future::pending().await };
    let mut watch = Watch::new(&store, Range::all(), now);
    while let Ok(change) = watch.next().await {
        journal.lock().unwrap().seen(change);
    }
    std::future::pending::<()>().await;
}

/// A disk as its machine has wired it.
#[derive(Debug)]
pub(crate) struct Wired<D> {
    pub(crate) disk: D,
    /// It only says that it syncs.
    pub(crate) lies: bool,
}

impl Disk for Wired<Arc<dyn Disk>> {
    fn open(&self, name: &str) -> io::Result<Box<dyn File>> {
        Ok(Box::new(Wired { disk: self.disk.open(name)?, lies: self.lies }))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        self.disk.names()
    }
}

impl File for Wired<Box<dyn File>> {
    fn size(&self) -> io::Result<u64> {
        self.disk.size()
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.disk.read_at(offset, bytes)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.write_at(offset, bytes)
    }

    fn resize(&self, size: u64) -> io::Result<()> {
        self.disk.resize(size)
    }

    fn sync(&self) -> io::Result<()> {
        if self.lies { Ok(()) } else { self.disk.sync() }
    }
}
