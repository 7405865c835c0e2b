//! The embedded broker on tokio, over a store in memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cascadia_patterns::messaging::embedded::Embedded;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Fed, Message, Settle, Start, Subscription, TopicSettings,
};
use cascadia_patterns::store::MemoryStore;
use cascadia_runtime::TokioWorld;

pub(crate) fn one_by_one(messages: u64) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime").block_on(run(messages)).expect("the broker is there")
}

async fn run(messages: u64) -> Result<Duration, BrokerError> {
    let store = Arc::new(MemoryStore::keeping(1_000));
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
