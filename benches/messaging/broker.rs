//! The embedded broker on tokio, over a store in memory and over one on a disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cascadia_files::Files;
use cascadia_patterns::messaging::embedded::Embedded;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Fed, Message, Settle, Start, Subscription, TopicSettings,
};
use cascadia_patterns::store::{MemoryStore, Store};
use cascadia_redb::{RedbConfig, RedbStore};
use cascadia_runtime::TokioWorld;

pub(crate) fn in_memory(messages: u64) -> Option<Duration> {
    block_on(async move { run(Arc::new(MemoryStore::keeping(1_000)), messages).await })
}

/// In a folder for files that do not stay, where each commit is synced.
pub(crate) fn on_redb(messages: u64) -> Option<Duration> {
    let folder = std::env::temp_dir().join(format!("cascadia-bench-{}", std::process::id()));
    let files = Files::open(&folder).ok()?;
    let took = block_on(async move {
        let store =
            RedbStore::open(TokioWorld::new(), Arc::new(files), "bus.redb", RedbConfig::default());
        run(Arc::new(store.await.expect("the disk is there")), messages).await
    });
    std::fs::remove_dir_all(&folder).ok()?;
    took
}

fn block_on(work: impl Future<Output = Result<Duration, BrokerError>>) -> Option<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Some(runtime.expect("a runtime").block_on(work).expect("the broker is there"))
}

async fn run(store: Arc<dyn Store>, messages: u64) -> Result<Duration, BrokerError> {
    let broker = Embedded::open(TokioWorld::new(), store, "bus").await?;
    broker.declare("orders".into(), TopicSettings::queue()).await?;
    let start = Start::Earliest;
    let subscription = Subscription { start, ..Subscription::new("orders", "shop") };
    let mut feed = broker.subscribe(subscription).await?;
    let begun = Instant::now();
    for _ in 0..messages {
        broker.publish(Batch::new(("orders", 0), [Message::new("0123456789")])).await?;
        let fed = feed.next().await.ok_or(BrokerError::Closed)??;
        if let Fed::Delivery(delivery) = fed {
            broker.settle(&[delivery.id], Settle::Ack).await?;
        }
    }
    Ok(begun.elapsed())
}
