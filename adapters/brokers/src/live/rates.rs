use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::suite::Usual;
use cascadia_patterns::messaging::{
    Abandoned, Batch, Broker, Fed, Group, KeyOrder, Message, Settle, Start, Subscription, Topic,
};

use super::cost::{Cost, Meter};
use super::told;

/// So many messages are published, and consumed: less than the mock cluster of Kafka keeps.
pub const MESSAGES: usize = 10_000;
/// So many at a time are published, and acknowledged.
pub const BATCH: usize = 100;
/// So many are in flight to a consumer.
pub const PREFETCH: u16 = 500;
/// As long as each is.
pub const BYTES: usize = 256;
/// How often each is measured: what counts is the median.
const ROUNDS: usize = 11;

/// What it has cost to bring all messages to the server, and from it.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// From the first batch that was confirmed until all were: where the client has found its way.
    pub published: Cost,
    /// From the first that came until all were acknowledged.
    pub consumed: Cost,
}

/// What a client is measured by: it is given a name that nobody else uses.
pub type Measured<'a> = Box<dyn Fn(String) -> BoxFuture<Rates> + 'a>;

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
    let mut meter = None;
    for _ in 0..MESSAGES / BATCH {
        let batch = (0..BATCH).map(|_| Message::new(body()));
        broker.publish(Batch::new(topic.clone(), batch)).await.expect("it is published");
        meter.get_or_insert_with(Meter::begin);
    }
    let published = Meter::end(meter);
    let mut feed = broker.subscribe(own).await.expect("a feed");
    let (mut count, mut ids, mut meter) = (0, Vec::with_capacity(BATCH), None);
    while count < MESSAGES {
        let fed = feed.next().await.expect("it goes on").expect("it goes well");
        let Fed::Delivery(delivery) = fed else { continue };
        meter.get_or_insert_with(Meter::begin);
        ids.push(delivery.id);
        count += 1;
        if ids.len() == BATCH {
            broker.settle(&ids, Settle::Ack).await.expect("it is acknowledged");
            ids.clear();
        }
    }
    Rates { published, consumed: Meter::end(meter) }
}

/// Measures an adapter beside the client that it is made of, in turn: how many messages a second each brings, what that is of
/// the other, and how much of a processor each takes for a message.
///
/// # Panics
///
/// When that fails.
pub async fn compare(system: &str, ours: Measured<'_>, bare: Measured<'_>) -> String {
    let mut all = Vec::new();
    for round in 0..told("CASCADIA_ROUNDS").map_or(ROUNDS, |it| it.parse().expect("a number")) {
        let name = |whose: &str| format!("{whose}-{round}-{}", std::process::id());
        // Whoever comes second finds a server that has something behind it.
        all.push(match round % 2 {
            0 => {
                let with = alone(ours(name("ours"))).await;
                (with, alone(bare(name("bare"))).await)
            }
            _ => {
                let without = alone(bare(name("bare"))).await;
                (alone(ours(name("ours"))).await, without)
            }
        });
    }
    let rows = [
        row(
            system,
            "publish",
            all.iter().map(|(with, without)| (with.published, without.published)),
        ),
        row(system, "consume", all.iter().map(|(with, without)| (with.consumed, without.consumed))),
    ];
    rows.join("\n")
}

/// In a task of its own, as who consumes is.
async fn alone(measured: BoxFuture<Rates>) -> Rates {
    tokio::spawn(measured).await.expect("it goes well")
}

fn row(system: &str, what: &str, all: impl Iterator<Item = (Cost, Cost)> + Clone) -> String {
    let rate = |cost: Cost| MESSAGES as f64 / cost.time.as_secs_f64();
    let ratio = median(all.clone().map(|(with, without)| rate(with) / rate(without)));
    let (with, without): (Vec<_>, Vec<_>) = all.unzip();
    let rates = [&with, &without].map(|all| median(all.iter().map(|cost| rate(*cost))));
    let work = [&with, &without].map(|all| {
        let work: f64 = all.iter().map(|cost| cost.work.as_secs_f64()).sum();
        work * 1e6 / (all.len() * MESSAGES) as f64
    });
    let ([ours, bare], [our_work, bare_work]) = (rates, work);
    format!(
        "| {system} | {what} | {ours:.0} | {bare:.0} | {ratio:.2} | {our_work:.1} | {bare_work:.1} |"
    )
}

fn median(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<_> = all.collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
