use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::suite::Usual;
use cascadia_patterns::messaging::{
    Abandoned, Batch, Broker, Fed, Group, KeyOrder, Message, Settle, Start, Subscription, Topic,
};
use tokio::time::Instant;

use super::told;

/// So many messages are published, and consumed: less than the mock cluster of Kafka keeps.
pub const MESSAGES: usize = 10_000;
/// So many at a time are published, and acknowledged.
pub const BATCH: usize = 100;
/// So many are in flight to a consumer.
pub const PREFETCH: u16 = 500;
/// As long as each is.
pub const BYTES: usize = 256;
/// How often each is measured, in turn: what counts is the median.
const ROUNDS: usize = 5;

/// How long all were on their way to the server, and from it.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Until all were confirmed.
    pub published: Duration,
    /// Until all were acknowledged.
    pub consumed: Duration,
}

/// What a client is measured by: it is given a name that nobody else uses.
pub type Measured<'a> = Box<dyn Fn(String) -> BoxFuture<Rates> + 'a>;

/// How long something takes.
pub async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let begun = Instant::now();
    let done = work.await;
    (begun.elapsed(), done)
}

/// The bodies of a batch.
pub fn body() -> Vec<u8> {
    vec![b'x'; BYTES]
}

/// Publishes and consumes by a broker, with the defaults of its system.
///
/// # Panics
///
/// When that fails.
pub async fn through(broker: Arc<dyn Broker>, usual: Usual, name: String) -> Rates {
    let (topic, group) = (Topic::from(name.clone()), Group::from(name));
    if broker.can().has(cascadia_patterns::messaging::Capability::Declare) {
        broker.declare(topic.clone(), usual.topic.clone()).await.expect("a topic");
    }
    let own = Subscription {
        topics: vec![topic.clone()],
        group,
        start: Start::Latest,
        prefetch: u32::from(PREFETCH),
        abandoned: Abandoned::Released,
        key_order: KeyOrder::Free,
        ..usual.subscription
    };
    // Where a queue is that of a group, it is there when that is.
    drop(broker.subscribe(own.clone()).await.expect("a group"));
    let (published, ()) = timed(async {
        for _ in 0..MESSAGES / BATCH {
            let batch = (0..BATCH).map(|_| Message::new(body()));
            broker.publish(Batch::new(topic.clone(), batch)).await.expect("it is published");
        }
    })
    .await;
    let mut feed = broker.subscribe(own).await.expect("a feed");
    let (consumed, ()) = timed(async {
        let (mut count, mut ids) = (0, Vec::with_capacity(BATCH));
        while count < MESSAGES {
            let fed = feed.next().await.expect("it goes on").expect("it goes well");
            let Fed::Delivery(delivery) = fed else { continue };
            ids.push(delivery.id);
            count += 1;
            if ids.len() == BATCH {
                broker.settle(&ids, Settle::Ack).await.expect("it is acknowledged");
                ids.clear();
            }
        }
    })
    .await;
    Rates { published, consumed }
}

/// Measures an adapter beside the client that it is made of, and says how many messages a second each does.
///
/// # Panics
///
/// When that fails.
pub async fn compare(system: &str, ours: Measured<'_>, bare: Measured<'_>) -> String {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..told("CASCADIA_ROUNDS").map_or(ROUNDS, |it| it.parse().expect("a number")) {
        with.push(ours(format!("ours-{round}-{}", std::process::id())).await);
        without.push(bare(format!("bare-{round}-{}", std::process::id())).await);
    }
    let row = |what: &str, of: fn(&Rates) -> Duration| {
        let (ours, bare) = (median(&with, of), median(&without, of));
        format!("| {system} | {what} | {ours:.0} | {bare:.0} | {:.2} |", ours / bare)
    };
    let rows = [row("publish", |it| it.published), row("consume", |it| it.consumed)];
    rows.join("\n")
}

/// Messages a second.
fn median(all: &[Rates], of: fn(&Rates) -> Duration) -> f64 {
    let mut all: Vec<_> = all.iter().map(of).collect();
    all.sort();
    MESSAGES as f64 / all[all.len() / 2].as_secs_f64()
}
