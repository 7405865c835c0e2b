//! Orders that are written to a store, and messages that tell of them. The process dies every few orders, and so does the relay.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin outbox`
//!
//! What to see: who publishes after the commit loses the message of whatever was committed when the process
//! died; who publishes before it tells of orders that are none. With an outbox neither happens, whoever dies when.
//! What a relay published and had not deleted is published again under the same id, and the broker knows it again.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use cascadia_examples::{Tally, all_of, broker, numbered};
use cascadia_patterns::messaging::outbox::{Outbox, OutboxConfig, Relay, Relaying};
use cascadia_patterns::messaging::{Batch, Broker};
use cascadia_patterns::store::{MemoryStore, Range, Store, Transaction};
use cascadia_runtime::{Stream, TokioWorld};

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
) -> Result<(), Box<dyn Error>> {
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

fn relay(
    store: &Arc<dyn Store>,
    broker: &Arc<dyn Broker>,
) -> Result<Relaying<TokioWorld>, Box<dyn Error>> {
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}{:>9}", Tally::heading(), "untrue");
    for (name, way) in [
        ("published before the commit", Way::Before),
        ("published after the commit", Way::After),
        ("an outbox, whose relay dies, too", Way::Outbox),
    ] {
        let (broker, store) = (broker(&["orders"]).await?, MemoryStore::new());
        let store: Arc<dyn Store> = Arc::new(store);
        let outbox = Outbox::new("outbox/", &mut Stream::from_entropy());
        let mut relaying = relay(&store, &broker)?;
        for number in 0..ORDERS {
            order(way, number, &store, &broker, &outbox).await?;
            tokio::time::sleep(Duration::from_millis(4)).await;
            if number % 60 == 59 {
                relaying = relay(&store, &broker)?;
            }
        }
        tokio::time::sleep(Duration::from_millis(800)).await;
        let told = all_of(&broker, "orders").await?;
        let rows = store.range(Range::prefix("order/"), 1_000).await?.rows;
        let read = |value: &[u8]| std::str::from_utf8(value).ok().and_then(|it| it.parse().ok());
        let orders: Vec<u64> = rows.iter().filter_map(|row| read(&row.value)).collect();
        let tally = Tally::default();
        // Of each order that there is, what was told.
        let places = |it: &u64| orders.iter().position(|other| other == it);
        told.iter().filter_map(places).for_each(|place| tally.add(place as u64));
        let untrue = told.iter().filter(|it| !orders.contains(it)).count();
        let dead = relaying.counts().dead;
        assert_eq!(dead, 0, "the broker takes everything");
        println!("{}{untrue:>9}", tally.line(name, orders.len() as u64, &[]));
    }
    Ok(())
}
