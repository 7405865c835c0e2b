//! A server that is killed while clients commit.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_patterns::store::Store;
use cascadia_patterns::store::suite::{Journal, Workload};
use cascadia_runtime::Stream;

use crate::support::{number, open, run, told};

const SEED: u64 = 9;
const CLIENTS: usize = 4;

fn control(what: &str) {
    let script = told("CASCADIA_POSTGRES_CONTROL").expect(".ci/live says how");
    let done = Command::new(script).arg(what).status().unwrap();
    assert!(done.success(), "{what}: {done}");
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_was_acknowledged_is_there_after_many_kills() {
    let kills = number("CASCADIA_KILLS", 20);
    let journal = Arc::new(Mutex::new(Journal::new(SEED)));
    let (mut first, mut draws) = (0, Stream::from_seed(SEED));
    let store = open("killed");
    for _ in 0..kills {
        let told = Arc::clone(&journal);
        let tell = move |number, what| told.lock().unwrap().tell(number, what);
        let work = Workload::new(SEED, first..first + 1_000_000, Arc::new(tell));
        let moment = Duration::from_micros(draws.below(80_000));
        let how = if draws.below(2) == 0 { "kill" } else { "immediate" };
        run(live(&store, &work, moment, how));
        first = work.next();
        control("start");
        // A new store, as one that is started later.
        let mut known = journal.lock().unwrap().clone();
        run(async { known.check(&*open("killed")).await.unwrap() });
        *journal.lock().unwrap() = known;
    }
    assert!(journal.lock().unwrap().commits() > kills);
}

/// Clients commit until the server is gone.
async fn live(store: &Arc<dyn Store>, work: &Workload, moment: Duration, how: &'static str) {
    let clients: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(work.client(Arc::clone(store)))).collect();
    tokio::time::sleep(moment).await;
    tokio::task::spawn_blocking(move || control(how)).await.unwrap();
    for client in clients {
        client.await.unwrap();
    }
}
