//! That the histories are those of the embedded broker, too.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, TokioWorld};

use super::{HISTORIES, Stage};
use crate::messaging::broker::Broker;
use crate::messaging::embedded::Embedded;
use crate::messaging::tests::run;
use crate::store::{MemoryStore, Store};

async fn open(store: Arc<dyn Store>) -> Arc<dyn Broker> {
    Arc::new(Embedded::open(TokioWorld::new(), store, "bus").await.unwrap())
}

#[test]
fn the_embedded_broker_plays_every_history() {
    for history in HISTORIES {
        run(async {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let sleep = |time: Duration| Box::pin(TokioWorld::new().sleep(time)) as _;
            let stage = Stage::new(history.name, open(Arc::clone(&store)).await, Box::new(sleep));
            let restart = move || Box::pin(open(Arc::clone(&store))) as _;
            assert!(history.play(stage.restarting(Box::new(restart))).await, "{}", history.name);
        });
    }
}
