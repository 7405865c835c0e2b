//! A queue of work that four workers share. Each of them is killed in the middle and started anew, a task in twenty fails at
//! first, and one in fifty can never be done.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin work_queue`
//!
//! What to see: who acknowledges before the work loses what was being done at the time, and what failed. Who does it
//! after the work loses nothing, and does again what a killed worker had done and not acknowledged. With an
//! inbox, which knows in the transaction of the work whether it was done, it is done once. What can never be done
//! is with the dead letters, and holds up nothing.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use cascadia_examples::{Tally, all_of, broker, number, numbered};
use cascadia_patterns::messaging::consumer::{AckWhen, Consumer, ConsumerConfig, Fault};
use cascadia_patterns::messaging::inbox::{Inbox, InboxConfig, Known};
use cascadia_patterns::messaging::{Batch, Broker, BrokerError, Delivery, Start, Subscription};
use cascadia_patterns::store::{MemoryStore, Store, Transaction};
use cascadia_runtime::{Runtime, Stream, TokioWorld};

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
        let again = |error: cascadia_patterns::store::StoreError| Fault::again(error.to_string());
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
    let config = ConsumerConfig { ack, ..ConsumerConfig::new(own) };
    let place = place.clone();
    let handler = move |task: Delivery| place.clone().work(task);
    let (world, stream) = (TokioWorld::new(), Stream::from_entropy());
    Consumer::start(config, world, stream, Arc::clone(broker), handler)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", Tally::heading());
    for (name, ack, has_inbox) in [
        ("acknowledged before the work", AckWhen::Before, false),
        ("acknowledged after the work", AckWhen::After, false),
        ("after the work, with an inbox", AckWhen::After, true),
    ] {
        let broker = broker(&["tasks", "dead"]).await?;
        broker.publish(Batch::new(("tasks", 0), (0..TASKS).map(numbered))).await?;
        let inbox =
            if has_inbox { Some(Arc::new(Inbox::new(InboxConfig::new("inbox/"))?)) } else { None };
        let place = Place { store: Arc::new(MemoryStore::new()), inbox, tally: Tally::default() };
        let mut workers = Vec::new();
        for _ in 0..4 {
            workers.push(worker(&broker, ack, &place)?);
        }
        for turn in 0..12 {
            tokio::time::sleep(Duration::from_millis(23)).await;
            // Dropped, it stops where it stands.
            workers[turn % 4] = worker(&broker, ack, &place)?;
        }
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        println!("{}", place.tally.line(name, TASKS, &all_of(&broker, "dead").await?));
        for worker in workers {
            worker.drain().await?;
        }
    }
    Ok(())
}
