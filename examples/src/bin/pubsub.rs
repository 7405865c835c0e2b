//! Publish and subscribe: one publishes, and everybody hears of it, at the pace of each and whenever each is there.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin pubsub`
//!
//! What to see: a slow subscriber holds up nobody. One that dies in the middle and comes back under its name goes on where it
//! was: the broker keeps what it has not done. One that comes late and asks for what comes from then on has missed the rest, and
//! nobody tells it; one that asks for all gets it.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use cascadia_examples::{Tally, broker, number, numbered};
use cascadia_patterns::messaging::consumer::{Consumer, ConsumerConfig};
use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
use cascadia_patterns::messaging::{Broker, BrokerError, Delivery, Sharing, Start, Subscription};
use cascadia_runtime::{Stream, TokioWorld};

const NEWS: u64 = 200;

/// Hears of everything under its own name, and takes so long for each.
fn subscriber(
    broker: &Arc<dyn Broker>,
    name: &str,
    start: Start,
    takes: u64,
    tally: &Tally,
) -> Result<Consumer, BrokerError> {
    let own =
        Subscription { sharing: Sharing::Broadcast, start, ..Subscription::new("news", name) };
    let tally = tally.clone();
    let handler = move |delivery: Delivery| {
        let tally = tally.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(takes)).await;
            tally.add(number(&delivery.message));
            Ok(())
        }
    };
    let (config, world) = (ConsumerConfig::new(own), TokioWorld::new());
    Consumer::start(config, world, Stream::from_entropy(), Arc::clone(broker), handler)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let broker = broker(&["news"]).await?;
    let producer = Producer::new(
        ProducerConfig::default(),
        TokioWorld::new(),
        Stream::from_entropy(),
        Arc::clone(&broker),
    )?;
    let tallies: [(&str, Tally); 5] = [
        ("prompt", Tally::default()),
        ("slow", Tally::default()),
        ("dies in the middle and comes back", Tally::default()),
        ("comes late, for what comes then", Tally::default()),
        ("comes late, for all", Tally::default()),
    ];
    let start = |at: usize, from, takes| {
        let (name, tally) = &tallies[at];
        subscriber(&broker, name, from, takes, tally)
    };
    let mut there = vec![start(0, Start::Earliest, 0)?, start(1, Start::Earliest, 8)?];
    let mut dies = Some(start(2, Start::Earliest, 1)?);
    for news in 0..NEWS {
        producer.post("news", numbered(news)).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        match news {
            80 => dies = None,
            100 => there.extend([start(3, Start::Latest, 0)?, start(4, Start::Earliest, 0)?]),
            150 => dies = Some(start(2, Start::Earliest, 1)?),
            _ => {}
        }
    }
    let counts = producer.close().await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    println!("{} published, {} confirmed", counts.offered, counts.confirmed);
    println!("{}", Tally::heading());
    for (name, tally) in &tallies {
        println!("{}", tally.line(name, NEWS, &[]));
    }
    there.extend(dies);
    for consumer in there {
        consumer.drain().await?;
    }
    Ok(())
}
