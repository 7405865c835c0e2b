//! Orders that reserve, charge and confirm, of which one in four is declined. Whoever drives them dies in the middle.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin saga`
//!
//! What to see: who remembers in memory how far an order was leaves what was reserved for nobody, and charges what it
//! does not confirm. With a saga each order is done or undone, whether an orchestrator that is killed drives it, or nobody does and its
//! participants follow each other's events. The story of one order that was taken over is printed at the end.

use std::sync::Arc;
use std::time::Duration;

use cascadia_examples::messaging::outbox::relay;
use cascadia_examples::messaging::{Bus, Failed};
use cascadia_patterns::messaging::consumer::{Consumer, ConsumerConfig};
use cascadia_patterns::messaging::outbox::{Outbox, Relaying};
use cascadia_patterns::messaging::{Broker, Start, Subscription};
use cascadia_patterns::saga::choreography::{Member, Score};
use cascadia_patterns::saga::definition::{Definition, Step, Steps};
use cascadia_patterns::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig};
use cascadia_patterns::saga::participant::{Judged, Ledger, Local, Participant, Turn};
use cascadia_patterns::saga::{Command, Direction, Epoch, Outcome};
use cascadia_patterns::store::{Commit, MemoryStore, Range, Row, Store, StoreError, Transaction};
use cascadia_runtime::{Stream, TokioWorld};

const ORDERS: u64 = 60;
const STEPS: [(&str, &str); 3] =
    [("reserve", "inventory"), ("charge", "payment"), ("confirm", "shop")];

/// Does or undoes a step: a row is there, or it is not.
async fn effect(mut turn: Turn) -> Result<Judged, StoreError> {
    // A service is somewhere else, and takes its time.
    tokio::time::sleep(Duration::from_millis(2)).await;
    let row = format!("done/{}", turn.command.saga);
    let number: u64 = turn.command.saga.as_str().parse().unwrap_or_default();
    match turn.direction() {
        Direction::Do if &*turn.command.step == "charge" && number.is_multiple_of(4) => {
            return Ok(turn.refuse("declined", "no money"));
        }
        Direction::Do => turn.transaction.put(row, "1"),
        _ => turn.transaction.delete(row),
    }
    Ok(turn.done("done"))
}

/// The stores of the participants, in the order of the steps.
fn stores() -> [Arc<dyn Store>; 3] {
    STEPS.map(|_| Arc::new(MemoryStore::new()) as Arc<dyn Store>)
}

fn definition() -> Result<Arc<Definition>, Failed> {
    let steps = Steps::new("order", 1)
        .then(Step::compensatable("reserve", "inventory"))
        .then(Step::pivot("charge", "payment"))
        .then(Step::retriable("confirm", "shop"));
    Ok(steps.build()?)
}

/// How many orders are done, undone, and neither.
async fn tally(name: &str, stores: &[Arc<dyn Store>; 3]) -> Result<(), Failed> {
    let (mut done, mut undone, mut neither) = (0, 0, 0);
    let mut rows = Vec::new();
    for store in stores {
        rows.push(store.range(Range::prefix("done/"), 1_000).await?.rows);
    }
    for order in 0..ORDERS {
        let key = format!("done/{order}").into_bytes();
        let has = |rows: &[Row]| rows.iter().any(|row| row.key == key);
        match rows.iter().filter(|rows| has(rows)).count() {
            3 => done += 1,
            0 => undone += 1,
            _ => neither += 1,
        }
    }
    println!("{name:44}{done:>7}{undone:>9}{neither:>14}");
    Ok(())
}

/// One step after the other, by whoever dies in every fifth order.
async fn in_memory(stores: &[Arc<dyn Store>; 3]) -> Result<(), Failed> {
    for order in 0..ORDERS {
        let stores = stores.clone();
        let drive = async move {
            let mut done = Vec::new();
            for ((step, _), store) in STEPS.iter().zip(&stores) {
                let command = Command {
                    saga: order.to_string().into(),
                    step: (*step).into(),
                    direction: Direction::Do,
                    epoch: Epoch(1),
                    attempt: 1,
                    must: false,
                    input: "".into(),
                    outputs: [].into(),
                };
                let local = Local::new(Ledger::new("ledger/"), Arc::clone(store), effect);
                match local.call(command).await {
                    Outcome::Done(_) => done.push(store),
                    _ => break,
                }
            }
            if done.len() < STEPS.len() {
                for store in done {
                    // Nobody is there to hear of an error.
                    let row = format!("done/{order}");
                    let _ = store.commit(Commit::new().delete(row)).await;
                }
            }
        };
        let task = tokio::spawn(drive);
        if order % 5 == 4 {
            // It dies in the middle, and with it whatever it knew.
            tokio::time::sleep(Duration::from_millis(4)).await;
            task.abort();
        } else {
            task.await?;
        }
    }
    Ok(())
}

fn orchestrator(
    log: &Arc<dyn Store>,
    stores: &[Arc<dyn Store>; 3],
) -> Result<Orchestrator<TokioWorld>, Failed> {
    let mut cast = Cast::new().definition(definition()?);
    for ((_, name), store) in STEPS.iter().zip(stores) {
        let local = Local::new(Ledger::new("ledger/"), Arc::clone(store), effect);
        cast = cast.participant(*name, local);
    }
    let config = OrchestratorConfig {
        lease: Duration::from_millis(100),
        skew: Duration::from_millis(5),
        sweep: Duration::from_millis(20),
        ..OrchestratorConfig::new("saga/")
    };
    let (world, mut stream) = (TokioWorld::new(), Stream::from_entropy());
    Ok(Orchestrator::start(config, world, &mut stream, Arc::clone(log), cast))
}

/// The same by an orchestrator that is killed after every tenth order. Returns the story of an order that was taken over.
async fn orchestrated(stores: &[Arc<dyn Store>; 3]) -> Result<String, Failed> {
    let log: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut shop = orchestrator(&log, stores)?;
    for order in 0..ORDERS {
        shop.begin(order.to_string(), "order", "a book").await?;
        if order % 10 == 8 {
            tokio::time::sleep(Duration::from_millis(3)).await;
            drop(shop);
            shop = orchestrator(&log, stores)?;
        }
    }
    let mut told = String::new();
    for order in 0..ORDERS {
        let id = order.to_string().into();
        shop.ended(&id).await?;
        let story = shop.log(&id).await?.to_string();
        if told.is_empty() && story.contains("taken over") {
            told = story;
        }
    }
    Ok(told)
}

/// A member of the choreography, and what relays its events.
fn member(
    name: &'static str,
    store: &Arc<dyn Store>,
    bus: &Arc<dyn Broker>,
) -> Result<(Consumer, Relaying<TokioWorld>), Failed> {
    let (world, mut stream) = (TokioWorld::new(), Stream::from_entropy());
    let kept = (Arc::clone(store), Ledger::new("ledger/"), Outbox::new("outbox/", &mut stream));
    let member = Member::new(Score::new(definition()?, "orders")?, name, kept, effect);
    let start = Start::Earliest;
    let ack_wait = Duration::from_millis(100);
    let own = Subscription { start, ack_wait, attempts: None, ..Subscription::new("orders", name) };
    let config = ConsumerConfig { concurrency: 4, ..ConsumerConfig::new(own) };
    let consumer = Consumer::start(config, world, Stream::from_entropy(), Arc::clone(bus), member)?;
    Ok((consumer, relay(store, bus)?))
}

/// The same by events; a member is killed after every tenth order.
async fn choreographed(stores: &[Arc<dyn Store>; 3]) -> Result<(), Failed> {
    let bus = Bus::embedded().open(&["orders"]).await?;
    let live = |at: usize| member(STEPS[at].1, &stores[at], &bus);
    let mut members = [live(0)?, live(1)?, live(2)?];
    let score = Score::new(definition()?, "orders")?;
    let outbox = Outbox::new("outbox/", &mut Stream::from_entropy());
    for order in 0..ORDERS {
        let mut transaction = Transaction::begin(&stores[2]);
        score.begin(&outbox, &mut transaction, order.to_string(), "a book").await?;
        transaction.commit().await?;
        if order % 10 == 8 {
            let at = (order / 10) as usize % 3;
            members[at] = live(at)?;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    drop(members);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    println!("{:44}{:>7}{:>9}{:>14}", "", "done", "undone", "half done");
    let places = stores();
    in_memory(&places).await?;
    tally("remembered in memory", &places).await?;
    let places = stores();
    let story = orchestrated(&places).await?;
    tally("an orchestrator that is killed", &places).await?;
    let places = stores();
    choreographed(&places).await?;
    tally("members that are killed, and nobody else", &places).await?;
    println!("\n{story}");
    Ok(())
}
