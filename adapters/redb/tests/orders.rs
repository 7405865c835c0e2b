//! An outbox, a broker and an inbox on one file, in a process that is killed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cascadia_files::Files;
use cascadia_killing::{Victim, tell};
use cascadia_patterns::messaging::suite::{Orders, finish, work};
use cascadia_patterns::store::Store;
use cascadia_runtime::{Stream, TokioWorld};

use crate::killed::{FOLDER, Scratch, in_folder, runtime};
use crate::support::{open, told};

const FIRST: &str = "CASCADIA_CHILD_FIRST";
/// More than any life has time for.
const ORDERS: u64 = 1_000_000;

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    let first = told(FIRST, 0);
    in_folder(|store| async move {
        work(TokioWorld::new(), store, Stream::from_seed(first), first, tell).await.unwrap();
    });
}

/// Five hundred kills with `CASCADIA_KILLS=500`.
#[test]
fn what_was_ordered_is_done_once_whenever_the_process_is_killed() {
    let folder = Scratch::new("orders");
    let (mut acknowledged, mut draws) = (BTreeSet::new(), Stream::from_seed(1));
    let kills = told("CASCADIA_KILLS", 20);
    for life in 0..kills {
        let first = (life * ORDERS).to_string();
        let told = [(FOLDER, folder.0.to_str().unwrap()), (FIRST, first.as_str())];
        let child = Victim::start("orders::child", &told);
        let said = child.live(&mut draws, Duration::from_millis(100));
        acknowledged.extend(said.iter().map(|number| number.parse::<u64>().unwrap()));
        runtime().block_on(async {
            let orders = Orders::read(&store(&folder.0).await).await.unwrap();
            assert_eq!(orders.broken(&acknowledged), None);
        });
    }
    assert!(acknowledged.len() as u64 > kills, "{} orders", acknowledged.len());
    let orders = runtime().block_on(async {
        let store = store(&folder.0).await;
        let all = finish(TokioWorld::new(), store, Stream::from_seed(u64::MAX));
        tokio::time::timeout(Duration::from_secs(60), all).await.expect("all is done").unwrap()
    });
    assert_eq!(orders.broken(&acknowledged), None);
}

async fn store(folder: &Path) -> Arc<dyn Store> {
    open(&TokioWorld::new(), Files::open(folder).unwrap()).await.unwrap()
}
