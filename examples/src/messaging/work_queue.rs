use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::consumer::{AckWhen, Consumer, ConsumerConfig, Fault};
use cascadia_patterns::messaging::inbox::{Inbox, InboxConfig, Known};
use cascadia_patterns::messaging::{Batch, Broker, BrokerError, Delivery, Start, Subscription};
use cascadia_patterns::store::{MemoryStore, Store, StoreError, Transaction};
use cascadia_runtime::{Runtime, Stream, TokioWorld};

use super::gathered::Gathered;
use super::tally::quiet;
use super::{Bus, Failed, Row, Tally, number, numbered};

const TASKS: u64 = 400;

/// Where the work is done: rows that say so, and what is known to be done.
#[derive(Clone)]
struct Place {
    store: Arc<dyn Store>,
    inbox: Option<Arc<Inbox>>,
    tally: Tally,
}

impl Place {
    /// Does a task. It takes a while until it is committed, and a while until that is acknowledged.
    async fn work(self, task: Delivery) -> Result<(), Fault> {
        let number = number(&task.message);
        if number % 50 == 49 {
            return Err(Fault::poison("it makes no sense"));
        }
        if number % 20 == 7 && task.attempt == 1 {
            return Err(Fault::again("not now"));
        }
        let again = |error: StoreError| Fault::again(error.to_string());
        let mut transaction = match &self.inbox {
            None => Transaction::begin(&self.store),
            Some(inbox) => {
                let now = TokioWorld::new().wall();
                match inbox.begin(&self.store, now, &task).await.map_err(again)? {
                    Known::First(transaction) => transaction,
                    _ => return Ok(()),
                }
            }
        };
        transaction.put(format!("task/{number}"), "done");
        tokio::time::sleep(Duration::from_millis(2)).await;
        transaction.commit().await.map_err(again)?;
        self.tally.add(number);
        tokio::time::sleep(Duration::from_millis(2)).await;
        Ok(())
    }
}

fn worker(broker: &Arc<dyn Broker>, ack: AckWhen, place: &Place) -> Result<Consumer, BrokerError> {
    let own = Subscription {
        start: Start::Earliest,
        prefetch: 5,
        attempts: Some(6),
        dead_letter: Some("dead".into()),
        ..Subscription::new("tasks", "workers")
    };
    let config = Bus::fitted(broker, ConsumerConfig { ack, ..ConsumerConfig::new(own) });
    let place = place.clone();
    let handler = move |task: Delivery| place.clone().work(task);
    let (world, stream) = (TokioWorld::new(), Stream::from_entropy());
    Consumer::start(config, world, stream, Arc::clone(broker), handler)
}

/// What four workers have done that are killed, by when they acknowledge.
///
/// # Errors
///
/// As for the broker.
pub async fn play(bus: &Bus) -> Result<Vec<Row>, Failed> {
    let mut rows = Vec::new();
    for (name, ack, has_inbox) in [
        ("acknowledged before the work", AckWhen::Before, false),
        ("acknowledged after the work", AckWhen::After, false),
        ("after the work, with an inbox", AckWhen::After, true),
    ] {
        let broker = bus.open(&["tasks", "dead"]).await?;
        let inbox =
            if has_inbox { Some(Arc::new(Inbox::new(InboxConfig::new("inbox/"))?)) } else { None };
        let place = Place { store: Arc::new(MemoryStore::new()), inbox, tally: Tally::default() };
        let dead = Gathered::of(&broker, "dead").await?;
        let mut workers = Vec::new();
        for _ in 0..4 {
            let mut worker = worker(&broker, ack, &place)?;
            worker.connected().await?;
            workers.push(worker);
        }
        broker.publish(Batch::new(("tasks", 0), (0..TASKS).map(numbered))).await?;
        for turn in 0..12 {
            tokio::time::sleep(Duration::from_millis(23)).await;
            // Dropped, it stops where it stands.
            workers[turn % 4] = worker(&broker, ack, &place)?;
        }
        quiet(&[&place.tally, &dead.tally], bus.quiet()).await;
        rows.push(place.tally.row(name, TASKS, &dead.tally.all()));
        for worker in workers {
            worker.drain().await?;
        }
    }
    Ok(rows)
}
