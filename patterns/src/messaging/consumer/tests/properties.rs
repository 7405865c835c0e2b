//! Whatever fails, and whenever a consumer is killed, each message is handled as often as was promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::super::{AckWhen, Consumer, ConsumerConfig, Fault, Order};
use super::{SECOND, subscription};
use crate::messaging::tests::{Flaky, Rates, cases, desk, number, numbered, run, stream};
use crate::messaging::{
    Backoff, Batch, Broker, Delivery, Partition, Subscription, Topic, TopicSettings,
};
use crate::sync::lock;
use crate::testing::ms;

const MESSAGES: u64 = 30;

/// What was handled to its end, in order, and what is with the dead letters.
#[derive(Debug)]
struct Seen {
    effects: Vec<u64>,
    dead: BTreeSet<u64>,
}

/// A few consumers, one after the other: each is killed, but for the last.
async fn world(seed: u64, config: ConsumerConfig) -> Seen {
    let (world, desk) = desk("t", 1).await;
    desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
    let mut draws = stream(seed);
    let to = Partition::from(Topic::from("t"));
    for message in 0..MESSAGES {
        let message = numbered(message).key((message % 4).to_string());
        desk.publish(Batch::new(to.clone(), [message])).await.unwrap();
    }
    let mut rate = || 0.3 * draws.unit() * draws.unit();
    let rates = Rates { refused: rate(), unanswered: rate(), lost: rate(), delay: ms(30) };
    let broker: Arc<dyn Broker> = Arc::clone(&desk) as _;
    let flaky = Flaky::new(world, broker, stream(seed + 1), rates);
    let effects = Arc::<Mutex<Vec<u64>>>::default();
    let lives = 1 + draws.below(4);
    for life in 0..=lives {
        let (own, chance) = (Arc::clone(&effects), Arc::new(Mutex::new(stream(seed + 9 + life))));
        let handler = move |delivery: Delivery| {
            let (own, chance) = (Arc::clone(&own), Arc::clone(&chance));
            async move {
                let (takes, luck) = {
                    let mut chance = lock(&chance);
                    (ms(chance.below(60)), chance.unit())
                };
                tokio::time::sleep(takes).await;
                match luck {
                    0.0..0.1 => Err(Fault::again("planted")),
                    0.1..0.12 => Err(Fault::poison("planted")),
                    _ => {
                        lock(&own).push(number(&delivery.message));
                        tokio::time::sleep(takes / 2).await;
                        Ok(())
                    }
                }
            }
        };
        let broker = Arc::clone(&flaky) as Arc<dyn Broker>;
        let consumer =
            Consumer::start(config.clone(), world, stream(seed + 5), broker, handler).unwrap();
        if life < lives {
            tokio::time::sleep(ms(20 + draws.below(400))).await;
        } else {
            flaky.becomes(Rates::default());
            tokio::time::sleep(SECOND * 120).await;
        }
        drop(consumer);
        tokio::time::sleep(ms(1)).await;
    }
    let dead = desk.log("dead", 0).iter().map(|message| number(message)).collect();
    Seen { effects: lock(&effects).clone(), dead }
}

fn config() -> ConsumerConfig {
    let backoff = Backoff::Steps(vec![ms(50)]);
    let (attempts, dead_letter) = (Some(8), Some("dead".into()));
    let ack_wait = SECOND;
    let own = Subscription { backoff, attempts, dead_letter, ack_wait, ..subscription() };
    ConsumerConfig { concurrency: 3, ..ConsumerConfig::new(own) }
}

fn is_lost(seen: &Seen) -> bool {
    (0..MESSAGES).any(|it| !seen.effects.contains(&it) && !seen.dead.contains(&it))
}

fn is_doubled(seen: &Seen) -> bool {
    seen.effects.iter().collect::<BTreeSet<_>>().len() < seen.effects.len()
}

/// The first time that each message of a key was done is in order.
fn is_out_of_order(seen: &Seen) -> bool {
    let mut last = BTreeMap::new();
    let mut known = BTreeSet::new();
    let firsts = seen.effects.iter().filter(|it| known.insert(**it));
    firsts.into_iter().any(|it| last.insert(it % 4, *it).is_some_and(|before| before > *it))
}

#[test]
fn after_means_at_least_once() {
    for seed in 0..cases(300) {
        let seen = run(world(seed, config()));
        assert!(!is_lost(&seen), "seed {seed}: {seen:?}");
    }
}

#[test]
fn before_means_at_most_once() {
    for seed in 0..cases(300) {
        let seen = run(world(seed, ConsumerConfig { ack: AckWhen::Before, ..config() }));
        assert!(!is_doubled(&seen), "seed {seed}: {seen:?}");
    }
}

#[test]
fn a_key_is_done_in_its_order() {
    for seed in 0..cases(300) {
        let seen = run(world(seed, ConsumerConfig { order: Order::Key, ..config() }));
        assert!(!is_out_of_order(&seen) && !is_lost(&seen), "seed {seed}: {seen:?}");
    }
}

fn found(config: &ConsumerConfig, broken: impl Fn(&Seen) -> bool) -> bool {
    (0..300).any(|seed| broken(&run(world(seed, config.clone()))))
}

/// Planted: an acknowledgement before the effect.
#[test]
fn an_acknowledgement_before_the_effect_is_found() {
    assert!(found(&ConsumerConfig { ack: AckWhen::Before, ..config() }, is_lost));
}

/// Planted: nobody knows an effect again that a lost acknowledgement repeats.
#[test]
fn at_least_once_is_not_once() {
    assert!(found(&config(), is_doubled));
}

/// Planted: what is retried is overtaken by its own key.
#[test]
fn a_retry_that_parks_no_key_is_found() {
    assert!(found(&config(), is_out_of_order));
}
