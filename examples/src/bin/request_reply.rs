//! Requests and replies as messages. One request in twenty is slower than anybody waits, one in fifty can never be done, and the
//! replier is killed in the middle and started anew.
//!
//! `cargo run --release --manifest-path examples/Cargo.toml --bin request_reply`
//!
//! What to see: each request ends as one thing. Replies that come when nobody waits any more are dropped and
//! counted, and no entry is left in the table of those who wait. What the killed replier had not acknowledged is done again
//! by the next one: its requester sees one reply, and the work may be doubled. A request that comes again when nobody waits for it has
//! expired, and is with the dead letters beside those that can never be done.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use cascadia_examples::{Tally, all_of, broker, number, numbered};
use cascadia_patterns::messaging::consumer::{ConsumerConfig, Fault};
use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
use cascadia_patterns::messaging::request_reply::{
    Replier, RequestConfig, RequestError, Requester,
};
use cascadia_patterns::messaging::{Broker, BrokerError, Delivery, Message, Start, Subscription};
use cascadia_runtime::{Stream, TokioWorld};
use tokio::task::JoinSet;

const REQUESTS: u64 = 300;

type Sender = Producer<TokioWorld>;

fn replier(broker: &Arc<dyn Broker>, to: &Sender, tally: &Tally) -> Result<Replier, BrokerError> {
    let own = Subscription {
        start: Start::Earliest,
        dead_letter: Some("dead".into()),
        ..Subscription::new("prices", "shop")
    };
    let config = ConsumerConfig { concurrency: 16, ..ConsumerConfig::new(own) };
    let tally = tally.clone();
    let price = move |request: Delivery| {
        let tally = tally.clone();
        async move {
            let number = number(&request.message);
            if number % 50 == 3 {
                return Err(Fault::poison("no such thing"));
            }
            let takes = if number % 20 == 7 { 600 } else { 5 };
            tokio::time::sleep(Duration::from_millis(takes)).await;
            tally.add(number);
            Ok(Message::new(format!("{number} EUR")))
        }
    };
    let (world, stream) = (TokioWorld::new(), Stream::from_entropy());
    Replier::start(config, world, stream, Arc::clone(broker), to.clone(), price)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let broker = broker(&["prices", "dead"]).await?;
    let config = ProducerConfig { linger: Duration::ZERO, ..ProducerConfig::default() };
    let (world, any) = (TokioWorld::new(), Stream::from_entropy);
    let producer = Producer::new(config, world, any(), Arc::clone(&broker))?;
    let tally = Tally::default();
    let first = replier(&broker, &producer, &tally)?;
    let config =
        RequestConfig { timeout: Duration::from_millis(400), ..RequestConfig::new("to-ann") };
    let requester =
        Requester::open(config, world, any(), Arc::clone(&broker), producer.clone()).await?;
    let requester = Arc::new(requester);
    let mut requests = JoinSet::new();
    let mut second = None;
    for number in 0..REQUESTS {
        let requester = Arc::clone(&requester);
        requests.spawn(async move { requester.request("prices", numbered(number)).await });
        tokio::time::sleep(Duration::from_millis(4)).await;
        if number == REQUESTS / 2 {
            // The next one is there before the first is killed, as when something is deployed.
            second = Some(replier(&broker, &producer, &tally)?);
        }
    }
    drop(first);
    let (mut replied, mut timed_out, mut refused) = (0, 0, 0);
    for result in requests.join_all().await {
        match result {
            Ok(_) => replied += 1,
            Err(RequestError::TimedOut) => timed_out += 1,
            Err(RequestError::NotSent(_) | RequestError::Fault(_)) => refused += 1,
        }
    }
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let counts = requester.counts();
    println!("{REQUESTS} requests: {replied} replied, {refused} refused, {timed_out} timed out");
    println!("replies that nobody waited for: {} late, {} twice", counts.late, counts.duplicate);
    println!("entries left in the table: {}", requester.pending());
    println!("\n{}", Tally::heading());
    println!("{}", tally.line("work of the repliers", REQUESTS, &all_of(&broker, "dead").await?));
    drop(second);
    Ok(())
}
