use std::sync::Arc;

use cascadia_patterns::messaging::embedded::Embedded;
use cascadia_patterns::messaging::suite::{Dated, Double, Stage, Tale, Trouble, Usual};
use cascadia_patterns::messaging::{Broker, Capabilities, Capability};
use cascadia_patterns::store::{MemoryStore, Store};
use cascadia_runtime::TokioWorld;

/// Draws a history for a system that can so much, on a clock that jumps ahead when all wait.
pub(super) fn tell(usual: &Usual, can: Capabilities, trouble: Trouble, seed: u64) -> Tale {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let world = builder.enable_time().start_paused(true).build().expect("it can be run");
    world.block_on(async {
        let told = Tale::tell(stage(usual.clone(), can).await, trouble, seed).await;
        told.unwrap_or_else(|wrong| panic!("the model: {wrong}"))
    })
}

async fn stage(usual: Usual, can: Capabilities) -> Stage {
    // Topics are made on the model in any case.
    let more = Capability::ALL.iter().copied();
    let can = more.filter(|it| can.has(*it) || *it == Capability::Declare).collect();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let open = move || {
        let store = Arc::clone(&store);
        async move {
            let broker = Embedded::open(Dated::by(TokioWorld::new()), store, "bus").await;
            let broker = Arc::new(broker.expect("a store in memory"));
            Arc::new(Double::new(broker, can, None)) as Arc<dyn Broker>
        }
    };
    let world = Dated::by(TokioWorld::new());
    let stage = Stage::new("model", open().await, world).usually(usual);
    let stage = stage.disturbed(Box::new(|_| Box::pin(async { false })));
    stage.restarting(Box::new(move || Box::pin(open()) as _))
}
