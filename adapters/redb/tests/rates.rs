//! How many commits and how many sagas a second, beside how many syncs.
//!
//! ```sh
//! cargo test --release -p cascadia-redb rates -- --ignored --nocapture
//! ```

use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cascadia_files::Files;
use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::{Orchestrator, OrchestratorConfig};
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::saga::suite::cast;
use cascadia_patterns::store::{Commit, MemoryStore, Store};
use cascadia_redb::{RedbConfig, RedbStore};
use cascadia_runtime::{Disk, Stream, TokioWorld};

use crate::killed::Scratch;

const SPAN: Duration = Duration::from_secs(3);

#[expect(clippy::disallowed_methods, reason = "real time is measured")]
fn now() -> Instant {
    Instant::now()
}

fn say(what: &str, count: u64) {
    let line = format!("{what:<44} {:>9.0}/s\n", count as f64 / SPAN.as_secs_f64());
    stdout().write_all(line.as_bytes()).unwrap();
}

/// As many as `clients` do one after another, within the span.
async fn commits(store: Arc<dyn Store>, clients: u64) -> u64 {
    let end = now() + SPAN;
    let client = |client: u64| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut count: u64 = 0;
            while now() < end {
                let key = format!("{client}/{}", count % 100);
                store.commit(Commit::new().put(key, vec![7; 100])).await.unwrap();
                count += 1;
            }
            count
        })
    };
    let clients: Vec<_> = (0..clients).map(client).collect();
    let mut count = 0;
    for client in clients {
        count += client.await.unwrap();
    }
    count
}

/// As many sagas of four steps as one orchestrator drives within the span, so many at a time.
async fn sagas(store: Arc<dyn Store>, at_once: u64) -> u64 {
    let (world, mut stream) = (TokioWorld::new(), Stream::from_seed(1));
    let config = OrchestratorConfig::new("saga/");
    let cast = cast(&store);
    let own = Arc::new(Orchestrator::start(config, world, &mut stream, store, cast));
    let end = now() + SPAN;
    let drive = |row: u64| {
        let own = Arc::clone(&own);
        tokio::spawn(async move {
            let mut count: u64 = 0;
            while now() < end {
                let id = SagaId::from(format!("{row}-{count}"));
                own.begin(id.clone(), "order", "a book").await.unwrap();
                assert_eq!(own.ended(&id).await.unwrap(), Phase::Completed);
                count += 1;
            }
            count
        })
    };
    let rows: Vec<_> = (0..at_once).map(drive).collect();
    let mut count = 0;
    for row in rows {
        count += row.await.unwrap();
    }
    count
}

#[test]
#[ignore = "it measures"]
fn rates() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    let scratch = Scratch::new("rates");
    let files: Arc<dyn Disk> = Arc::new(Files::open(&scratch.0).unwrap());
    let (file, end, mut syncs) = (files.open("raw").unwrap(), now() + SPAN, 0);
    while now() < end {
        file.write_at(0, &[syncs as u8; 4096]).unwrap();
        file.sync().unwrap();
        syncs += 1;
    }
    say("writes of 4 KiB, each synced", syncs);
    let memory = runtime.block_on(commits(Arc::new(MemoryStore::new()), 1));
    say("memory, 1 client", memory);
    for (two_phase, group, clients) in [
        (false, 1, 1),
        (true, 1, 1),
        (true, 1, 64),
        (true, 256, 64),
        (false, 256, 64),
        (true, 256, 512),
    ] {
        let config = RedbConfig { group, two_phase, ..RedbConfig::default() };
        let name = format!("{group}-{two_phase}-{clients}");
        let count = runtime.block_on(async {
            let store = RedbStore::open(TokioWorld::new(), Arc::clone(&files), &name, config).await;
            commits(Arc::new(store.unwrap()), clients).await
        });
        let syncs = if two_phase { 2 } else { 1 };
        say(&format!("redb, {clients} clients, groups of {group}, {syncs} syncs"), count);
    }
    for at_once in [1, 64, 512] {
        let config = RedbConfig { group: 256, ..RedbConfig::default() };
        let name = format!("sagas-{at_once}");
        let count = runtime.block_on(async {
            let store = RedbStore::open(TokioWorld::new(), Arc::clone(&files), &name, config).await;
            sagas(Arc::new(store.unwrap()), at_once).await
        });
        say(&format!("redb, sagas of 4 steps, {at_once} at a time"), count);
    }
}
