//! Whatever becomes of requests and answers, every message has one end that is true, none is there
//! twice, and those of a partition are in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{Fate, Producer, ProducerConfig};
use crate::messaging::tests::{Flaky, Rates, cases, desk, number, numbered, run, stream};
use crate::messaging::{Acks, Broker};
use crate::testing::ms;

/// What is there, by partition, and what was said of each message.
type Run = (Vec<Vec<u64>>, BTreeMap<u64, Fate>);

async fn world(seed: u64, config: ProducerConfig) -> Run {
    let (world, desk) = desk("t", 2).await;
    let mut draws = stream(seed);
    let mut rate = || 0.4 * draws.unit() * draws.unit();
    let rates =
        Rates { refused: rate(), unanswered: rate(), lost: rate(), delay: ms(draws.below(40)) };
    let flaky = Flaky::new(world, Arc::clone(&desk) as Arc<dyn Broker>, stream(seed + 1), rates);
    let producer = Producer::new(config, world, stream(seed + 2), flaky).unwrap();
    let mut sendings = Vec::new();
    for message in 0..40 {
        let key = (message % 3).to_string();
        sendings.push((message, producer.enqueue("t", numbered(message).key(key.as_str())).await));
        tokio::time::sleep(ms(draws.below(9))).await;
    }
    let counts = producer.close().await;
    let mut fates = BTreeMap::new();
    for (message, sending) in sendings {
        fates.insert(message, sending.fate().await);
    }
    assert_eq!((counts.offered, counts.pending()), (40, 0));
    let there = |partition| desk.log("t", partition).iter().map(|it| number(it)).collect();
    ((0..2).map(there).collect(), fates)
}

/// What is broken, if anything is.
fn broken((there, fates): &Run) -> Option<&'static str> {
    let all: Vec<_> = there.iter().flatten().copied().collect();
    let is_there = |message: &u64| all.contains(message);
    let mut once = all.clone();
    once.sort_unstable();
    once.dedup();
    let lied = |(message, fate): (&u64, &Fate)| match fate {
        Fate::Confirmed { .. } => !is_there(message),
        Fate::Failed(_) => is_there(message),
        Fate::Unknown(_) | Fate::Dropped(_) => false,
    };
    if fates.iter().any(lied) {
        return Some("an end is not true");
    }
    if once.len() != all.len() {
        return Some("doubled");
    }
    let sorted = there.iter().all(|partition| partition.is_sorted());
    (!sorted).then_some("out of order")
}

fn config() -> ProducerConfig {
    let timeout = ms(1_500);
    ProducerConfig {
        name: Some("shop".into()),
        batch_bytes: 4,
        request_timeout: ms(60),
        delivery_timeout: timeout,
        ..ProducerConfig::default()
    }
}

#[test]
fn an_idempotent_producer_keeps_its_promises() {
    for seed in 0..cases(300) {
        let run = run(world(seed, config()));
        assert_eq!(broken(&run), None, "seed {seed}: {run:?}");
    }
}

fn found(config: &ProducerConfig, what: &str) -> bool {
    (0..300).any(|seed| broken(&run(world(seed, config.clone()))) == Some(what))
}

/// Planted: the batches have no numbers.
#[test]
fn a_producer_that_does_not_number_its_batches_is_found() {
    let config = ProducerConfig { idempotent: false, in_flight: 1, ..config() };
    assert!(found(&config, "doubled"));
}

/// Planted: an answer is taken for granted.
#[test]
fn an_answer_that_is_not_waited_for_is_no_confirmation() {
    let config = ProducerConfig { idempotent: false, acks: Acks::None, ..config() };
    let (there, fates) = run(world(3, config));
    assert!(fates.values().all(|fate| !fate.is_confirmed()));
    assert!(there.iter().flatten().count() <= 40);
}
