use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::outbox::{Outbox, OutboxConfig, Relay, Relaying};
use cascadia_patterns::messaging::{Batch, Broker};
use cascadia_patterns::store::{MemoryStore, Range, Store, Transaction};
use cascadia_runtime::{Stream, TokioWorld};

use super::gathered::Gathered;
use super::tally::quiet;
use super::{Bus, Failed, Row, Tally, numbered};

const ORDERS: u64 = 300;

/// What a process was about to do when it died.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Before,
    After,
    Outbox,
}

/// Whether the process dies at this order, between the one thing and the other.
const fn dies(order: u64) -> bool {
    order % 25 == 13
}

/// An order comes in.
async fn order(
    way: Way,
    number: u64,
    store: &Arc<dyn Store>,
    broker: &Arc<dyn Broker>,
    outbox: &Outbox,
) -> Result<(), Failed> {
    let mut transaction = Transaction::begin(store);
    transaction.put(format!("order/{number:04}"), number.to_string());
    let told = || Batch::new(("orders", 0), [numbered(number)]);
    match way {
        Way::Before => {
            broker.publish(told()).await?;
            if !dies(number) {
                transaction.commit().await?;
            }
        }
        Way::After => {
            transaction.commit().await?;
            if !dies(number) {
                broker.publish(told()).await?;
            }
        }
        Way::Outbox => {
            outbox.add(&mut transaction, "orders", numbered(number)).await?;
            if !dies(number) {
                transaction.commit().await?;
            }
        }
    }
    Ok(())
}

/// What relays the messages of a store, and takes over soon from one that has died.
///
/// # Errors
///
/// None, as it is configured.
pub fn relay(
    store: &Arc<dyn Store>,
    broker: &Arc<dyn Broker>,
) -> Result<Relaying<TokioWorld>, Failed> {
    let config = OutboxConfig {
        lease: Duration::from_millis(250),
        skew: Duration::from_millis(20),
        timeout: Duration::from_millis(100),
        query_delay: Duration::from_millis(50),
        ..OutboxConfig::new("outbox/")
    };
    let mut stream = Stream::from_entropy();
    let (store, broker) = (Arc::clone(store), Arc::clone(broker));
    Ok(Relaying::start(Relay::new(config, TokioWorld::new(), &mut stream, store, broker)?))
}

/// Of each way, what was told of the orders that there are, and how much was told of none.
///
/// # Errors
///
/// As for the broker and the store.
pub async fn play(bus: &Bus) -> Result<Vec<(Row, usize)>, Failed> {
    let mut rows = Vec::new();
    for (name, way) in [
        ("published before the commit", Way::Before),
        ("published after the commit", Way::After),
        ("an outbox, whose relay dies, too", Way::Outbox),
    ] {
        let (broker, store) = (bus.open(&["orders"]).await?, MemoryStore::new());
        let store: Arc<dyn Store> = Arc::new(store);
        let told = Gathered::of(&broker, "orders").await?;
        let outbox = Outbox::new("outbox/", &mut Stream::from_entropy());
        let mut relaying = relay(&store, &broker)?;
        for number in 0..ORDERS {
            order(way, number, &store, &broker, &outbox).await?;
            tokio::time::sleep(Duration::from_millis(4)).await;
            if number % 60 == 59 {
                relaying = relay(&store, &broker)?;
            }
        }
        quiet(&[&told.tally], bus.quiet()).await;
        let told = told.tally.all();
        let kept = store.range(Range::prefix("order/"), 1_000).await?.rows;
        let read = |value: &[u8]| std::str::from_utf8(value).ok().and_then(|it| it.parse().ok());
        let orders: Vec<u64> = kept.iter().filter_map(|row| read(&row.value)).collect();
        let tally = Tally::default();
        let places = |it: &u64| orders.iter().position(|other| other == it);
        told.iter().filter_map(places).for_each(|place| tally.add(place as u64));
        let untrue = told.iter().filter(|it| !orders.contains(it)).count();
        assert_eq!(relaying.counts().dead, 0, "the broker takes everything");
        rows.push((tally.row(name, orders.len() as u64, &[]), untrue));
    }
    Ok(rows)
}
