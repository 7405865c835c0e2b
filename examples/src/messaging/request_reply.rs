use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::consumer::{ConsumerConfig, Fault};
use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
use cascadia_patterns::messaging::request_reply::{
    Replier, RequestConfig, RequestError, Requester,
};
use cascadia_patterns::messaging::{Broker, BrokerError, Delivery, Message, Start, Subscription};
use cascadia_runtime::{Stream, TokioWorld};
use tokio::task::JoinSet;

use super::gathered::Gathered;
use super::tally::quiet;
use super::{Bus, Failed, Row, Tally, number, numbered};

const REQUESTS: u64 = 300;

/// What became of requests.
#[derive(Clone, Debug)]
pub struct Ends {
    /// How many were made.
    pub requests: u64,
    /// How many had a reply.
    pub replied: u64,
    /// How many were told that it cannot be done.
    pub refused: u64,
    /// How many had none in time.
    pub timed_out: u64,
    /// Replies that came when nobody waited any more.
    pub late: u64,
    /// Replies that came a second time.
    pub twice: u64,
    /// Entries that are left in the table of those who wait.
    pub left: usize,
    /// What the repliers have done.
    pub work: Row,
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, replied, refused, timed_out, late, twice, left, work } = self;
        writeln!(
            f,
            "{requests} requests: {replied} replied, {refused} refused, {timed_out} timed out"
        )?;
        writeln!(f, "replies that nobody waited for: {late} late, {twice} twice")?;
        writeln!(f, "entries left in the table: {left}\n\n{}\n{work}", Row::heading())
    }
}

fn replier(
    broker: &Arc<dyn Broker>,
    to: &Producer<TokioWorld>,
    tally: &Tally,
) -> Result<Replier, BrokerError> {
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
    let (world, stream, config) =
        (TokioWorld::new(), Stream::from_entropy(), Bus::fitted(broker, config));
    Replier::start(config, world, stream, Arc::clone(broker), to.clone(), price)
}

/// What becomes of requests of which some are slow, some cannot be done, and whose replier is killed in the middle.
///
/// # Errors
///
/// As for the broker.
pub async fn play(bus: &Bus) -> Result<Ends, Failed> {
    let broker = bus.open(&["prices", "dead"]).await?;
    let config = ProducerConfig { linger: Duration::ZERO, ..ProducerConfig::default() };
    let producer = Bus::producer(&broker, config)?;
    let (tally, dead) = (Tally::default(), Gathered::of(&broker, "dead").await?);
    let first = replier(&broker, &producer, &tally)?;
    let config =
        RequestConfig { timeout: Duration::from_millis(400), ..RequestConfig::new("to-ann") };
    let (world, stream) = (TokioWorld::new(), Stream::from_entropy());
    let requester =
        Requester::open(config, world, stream, Arc::clone(&broker), producer.clone()).await?;
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
    quiet(&[&tally, &dead.tally], bus.quiet()).await;
    let (counts, left) = (requester.counts(), requester.pending());
    let work = tally.row("work of the repliers", REQUESTS, &dead.tally.all());
    drop(second);
    let (requests, late, twice) = (REQUESTS, counts.late, counts.duplicate);
    Ok(Ends { requests, replied, refused, timed_out, late, twice, left, work })
}
