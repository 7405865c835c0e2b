//! However often a message comes, and whoever is killed with it, its effect is there once.

use std::sync::Arc;
use std::time::Duration;

use super::super::{Inbox, InboxConfig, Known};
use crate::messaging::consumer::{Consumer, ConsumerConfig, Fault};
use crate::messaging::tests::{Flaky, Rates, cases, desk, number, numbered, run, stream};
use crate::messaging::{Batch, Broker, Delivery, Partition, Start, Subscription, Topic};
use crate::store::{MemoryStore, Store, StoreError, Transaction};
use crate::testing::ms;

const MESSAGES: u64 = 12;

/// Each message adds to a row of its own. How often that was done.
async fn world(seed: u64, window: Duration, is_known: bool) -> Vec<u8> {
    let (world, desk) = desk("t", 1).await;
    let mut draws = stream(seed);
    let messages = (0..MESSAGES).map(|it| numbered(it).id(format!("id-{it}")));
    desk.publish(Batch::new(Partition::from(Topic::from("t")), messages)).await.unwrap();
    let mut rate = || 0.4 * draws.unit();
    let rates = Rates { refused: rate(), unanswered: rate(), lost: rate(), delay: ms(30) };
    let flaky = Flaky::new(world, Arc::clone(&desk) as Arc<dyn Broker>, stream(seed + 1), rates);
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let config = InboxConfig { window, skew: Duration::ZERO, ..InboxConfig::new("i/") };
    let inbox = Arc::new(Inbox::new(config).unwrap());
    for life in 0..4 {
        let (own, rows) = (Arc::clone(&inbox), Arc::clone(&store));
        let handler = move |delivery: Delivery| {
            let (own, rows) = (Arc::clone(&own), Arc::clone(&rows));
            async move {
                let now = cascadia_runtime::Runtime::wall(&world);
                own.forget(&rows, now, 100).await.map_err(failed)?;
                let known = match is_known {
                    true => own.begin(&rows, now, &delivery).await.map_err(failed)?,
                    false => Known::First(Transaction::begin(&rows)),
                };
                let Known::First(mut transaction) = known else { return Ok(()) };
                let row = [b'n', number(&delivery.message) as u8];
                let before = transaction.get(row).await.map_err(failed)?.map_or(0, |it| it[0]);
                tokio::time::sleep(ms(u64::from(before) + 15)).await;
                transaction.put(row, [before + 1]);
                transaction.commit().await.map(drop).map_err(failed)
            }
        };
        let ack_wait = ms(400);
        let own = Subscription { start: Start::Earliest, ack_wait, ..Subscription::new("t", "g") };
        let config = ConsumerConfig { concurrency: 4, ..ConsumerConfig::new(own) };
        let broker = Arc::clone(&flaky) as Arc<dyn Broker>;
        let consumer = Consumer::start(config, world, stream(seed), broker, handler).unwrap();
        if life == 3 {
            flaky.becomes(Rates::default());
            tokio::time::sleep(ms(60_000)).await;
        } else {
            tokio::time::sleep(ms(10 + draws.below(300))).await;
        }
        drop(consumer);
        tokio::time::sleep(ms(1)).await;
    }
    let mut counts = Vec::new();
    for message in 0..MESSAGES {
        let row = store.get(vec![b'n', message as u8]).await.unwrap();
        counts.push(row.map_or(0, |row| row.value[0]));
    }
    counts
}

fn failed(error: StoreError) -> Fault {
    Fault::again(error.to_string())
}

const LONG: Duration = Duration::from_secs(1_800);

#[test]
fn an_effect_is_there_once() {
    for seed in 0..cases(300) {
        let counts = run(world(seed, LONG, true));
        assert!(counts.iter().all(|count| *count == 1), "seed {seed}: {counts:?}");
    }
}

fn is_found(window: Duration, is_known: bool) -> bool {
    (0..300).any(|seed| run(world(seed, window, is_known)).iter().any(|count| *count > 1))
}

/// Planted: the window is shorter than messages come again.
#[test]
fn a_window_that_is_too_short_is_found() {
    assert!(is_found(ms(50), true));
}

/// Planted: nobody asks.
#[test]
fn a_consumer_without_an_inbox_is_found() {
    assert!(is_found(LONG, false));
}
