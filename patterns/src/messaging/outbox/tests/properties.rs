//! However transactions overlap, and whenever a relay dies, what was committed is published and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Rig;
use crate::messaging::Broker;
use crate::messaging::codec::decode_routed;
use crate::messaging::tests::{Flaky, Rates, cases, number, numbered, run, stream};
use crate::messaging::{Batch, Partition};
use crate::store::{Key, Transaction};
use crate::testing::ms;

/// What was committed, in order, and what is published.
#[derive(Debug)]
struct Seen {
    committed: Vec<u64>,
    published: Vec<u64>,
}

impl Seen {
    fn is_lost(&self) -> bool {
        self.committed.iter().any(|it| !self.published.contains(it))
    }

    fn is_made_up(&self) -> bool {
        self.published.iter().any(|it| !self.committed.contains(it))
    }

    /// The first time that each was published, of those of one row.
    fn is_out_of_order(&self) -> bool {
        let mut known = BTreeSet::new();
        let firsts: Vec<_> = self.published.iter().filter(|it| known.insert(**it)).collect();
        (0..3).any(|row| {
            let of = |it: &&&u64| ***it % 3 == row;
            let committed = self.committed.iter().filter(|it| **it % 3 == row);
            committed.copied().ne(firsts.iter().filter(of).map(|it| **it))
        })
    }
}

/// A relay, or what takes itself for one.
trait Relays {
    async fn round(&mut self, rig: &Rig, broker: &Arc<dyn Broker>);
    /// It is killed, and another one begins.
    fn dies(&mut self, rig: &Rig, broker: &Arc<dyn Broker>);
}

struct Real(super::Relay<crate::messaging::tests::Dated>);

impl Relays for Real {
    async fn round(&mut self, _: &Rig, _: &Arc<dyn Broker>) {
        let _ = self.0.round().await;
    }
    fn dies(&mut self, rig: &Rig, broker: &Arc<dyn Broker>) {
        self.0 = rig.relay_by(99, Arc::clone(broker));
    }
}

/// Planted: it remembers how far it came.
#[derive(Default)]
struct Skipping(Key);

impl Relays for Skipping {
    async fn round(&mut self, rig: &Rig, broker: &Arc<dyn Broker>) {
        let rest = super::super::rows::Rows("o/".into()).all().after(&self.0);
        for row in rig.store.range(rest, 10).await.unwrap().rows {
            publish(&row.key, &row.value, broker).await;
            self.0 = row.key;
        }
    }
    fn dies(&mut self, _: &Rig, _: &Arc<dyn Broker>) {}
}

/// Planted: it deletes before the broker has acknowledged.
struct Hasty;

impl Relays for Hasty {
    async fn round(&mut self, rig: &Rig, broker: &Arc<dyn Broker>) {
        let all = super::super::rows::Rows("o/".into()).all();
        for row in rig.store.range(all, 10).await.unwrap().rows {
            let commit = crate::store::Commit::new().delete(row.key.clone());
            rig.store.commit(commit).await.unwrap();
            publish(&row.key, &row.value, broker).await;
        }
    }
    fn dies(&mut self, _: &Rig, _: &Arc<dyn Broker>) {}
}

async fn publish(key: &[u8], value: &[u8], broker: &Arc<dyn Broker>) {
    let place = super::super::rows::place(key);
    let (topic, message) = decode_routed(place, value).unwrap();
    let _ = broker.publish(Batch::new(Partition { topic, number: 0 }, [message])).await;
}

/// Transactions that count up one of three rows each, several of them open at a time, with rounds of a relay between.
async fn world<T: Relays>(seed: u64, build: impl Fn(&Rig, &Arc<dyn Broker>) -> T) -> Seen {
    let rig = Rig::new(1).await;
    let mut draws = stream(seed);
    let mut rate = || 0.3 * draws.unit();
    let rates = Rates { refused: rate(), unanswered: rate(), lost: rate(), delay: ms(20) };
    let own = Arc::clone(&rig.desk) as Arc<dyn Broker>;
    let flaky = Flaky::new(rig.world, own, stream(seed + 1), rates);
    let broker = Arc::clone(&flaky) as Arc<dyn Broker>;
    let mut relay = build(&rig, &broker);
    let (mut committed, mut open) = (Vec::new(), Vec::new());
    for message in 0..40 {
        let mut transaction = Transaction::begin(&rig.store);
        let row = [b'r', (message % 3) as u8];
        transaction.get(row).await.unwrap();
        transaction.put(row, [message as u8]);
        rig.outbox.add(&mut transaction, "t", numbered(message)).await.unwrap();
        open.push((message, transaction));
        while !open.is_empty() && (open.len() > 3 || draws.unit() < 0.5) {
            let (message, transaction) = open.remove(draws.below(open.len() as u64) as usize);
            if draws.unit() < 0.9 && transaction.commit().await.is_ok() {
                committed.push(message);
            }
        }
        match draws.below(4) {
            0 => relay.round(&rig, &broker).await,
            1 => {
                let round = relay.round(&rig, &broker);
                let _ = tokio::time::timeout(ms(draws.below(60)), round).await;
                relay.dies(&rig, &broker);
                // Its lease is over by then.
                tokio::time::sleep(ms(32_000)).await;
            }
            _ => {}
        }
    }
    drop(open);
    flaky.becomes(Rates::default());
    tokio::time::sleep(ms(32_000)).await;
    for _ in 0..6 {
        relay.round(&rig, &broker).await;
    }
    let published = rig.desk.log("t", 0).iter().map(|message| number(message)).collect();
    Seen { committed, published }
}

#[test]
fn what_is_committed_is_published_in_its_order_and_nothing_else_is() {
    for seed in 0..cases(300) {
        let build = |rig: &Rig, broker: &Arc<dyn Broker>| Real(rig.relay_by(1, Arc::clone(broker)));
        let seen = run(world(seed, build));
        assert!(!seen.is_lost(), "seed {seed}: {seen:?}");
        assert!(!seen.is_made_up(), "seed {seed}: {seen:?}");
        assert!(!seen.is_out_of_order(), "seed {seed}: {seen:?}");
    }
}

#[test]
fn a_relay_that_skips_gaps_is_found() {
    assert!((0..300).any(|seed| run(world(seed, |_, _| Skipping::default())).is_lost()));
}

#[test]
fn a_relay_that_deletes_too_early_is_found() {
    assert!((0..300).any(|seed| run(world(seed, |_, _| Hasty)).is_lost()));
}
