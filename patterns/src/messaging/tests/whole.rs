//! From one store to another: an outbox, a relay, a broker, a group of consumers and their inbox, each of
//! which is killed at any time. What is committed has its effect once, and in its order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use super::{Dated, Flaky, Rates, Restarted, cases, number, numbered, run, stream};
use crate::messaging::consumer::{Consumer, ConsumerConfig, Fault};
use crate::messaging::inbox::{Inbox, InboxConfig, Known};
use crate::messaging::outbox::{Outbox, OutboxConfig, Relay, Relaying};
use crate::messaging::{
    Assignor, Broker, Delivery, KeyOrder, Sharing, Start, Subscription, TopicSettings,
};
use crate::store::{MemoryStore, Store, StoreError, Transaction};
use crate::testing::ms;

const MESSAGES: u64 = 40;
const ROWS: u64 = 4;

struct World {
    world: Dated,
    store: Arc<dyn Store>,
    broker: Arc<dyn Broker>,
    inbox: Arc<Inbox>,
    sharing: Sharing,
}

impl World {
    fn relay(&self, stream: &mut Stream) -> Relaying<Dated> {
        let config = OutboxConfig {
            lease: ms(300),
            skew: ms(1),
            timeout: ms(100),
            query_delay: ms(50),
            ..OutboxConfig::new("o/")
        };
        let (store, broker) = (Arc::clone(&self.store), Arc::clone(&self.broker));
        Relaying::start(Relay::new(config, self.world, stream, store, broker).unwrap())
    }

    fn consumer(&self, stream: Stream) -> Consumer {
        let own = Subscription {
            start: Start::Earliest,
            ack_wait: ms(500),
            attempts: None,
            sharing: self.sharing,
            key_order: KeyOrder::Parked,
            ..Subscription::new("t", "g")
        };
        let config = ConsumerConfig { concurrency: 3, ..ConsumerConfig::new(own) };
        let (inbox, store, world) = (Arc::clone(&self.inbox), Arc::clone(&self.store), self.world);
        let handler = move |delivery: Delivery| {
            let (inbox, store) = (Arc::clone(&inbox), Arc::clone(&store));
            async move {
                let failed = |error: StoreError| Fault::again(error.to_string());
                let known = inbox.begin(&store, world.wall(), &delivery).await.map_err(failed)?;
                let Known::First(mut transaction) = known else { return Ok(()) };
                let row = [b'e', (number(&delivery.message) % ROWS) as u8];
                let mut effects = transaction.get(row).await.map_err(failed)?.unwrap_or_default();
                effects.push(number(&delivery.message) as u8);
                tokio::time::sleep(ms(7)).await;
                transaction.put(row, effects);
                transaction.commit().await.map(drop).map_err(failed)
            }
        };
        Consumer::start(config, world, stream, Arc::clone(&self.broker), handler).unwrap()
    }

    /// The effects of a row, in their order.
    async fn effects(&self, row: u64) -> Vec<u64> {
        let row = self.store.get(vec![b'e', row as u8]).await.unwrap();
        row.map_or_else(Vec::new, |row| row.value.into_iter().map(u64::from).collect())
    }
}

/// What was committed, and what it did, by row.
async fn world(seed: u64, sharing: Sharing) -> [BTreeMap<u64, Vec<u64>>; 2] {
    let (world, mut draws) = (Dated::new(), stream(seed));
    let restarted = Restarted::open(world, Arc::new(MemoryStore::new())).await;
    restarted.declare("t".into(), TopicSettings::log(3)).await.unwrap();
    let mut rate = || 0.2 * draws.unit();
    let rates = Rates { refused: rate(), unanswered: rate(), lost: rate(), delay: ms(20) };
    let own = Arc::clone(&restarted) as Arc<dyn Broker>;
    let flaky = Flaky::new(world, own, stream(seed + 1), rates);
    let world = World {
        world,
        store: Arc::new(MemoryStore::new()),
        broker: Arc::clone(&flaky) as Arc<dyn Broker>,
        inbox: Arc::new(Inbox::new(InboxConfig::new("i/")).unwrap()),
        sharing,
    };
    let outbox = Outbox::new("o/", &mut draws);
    let mut relays = vec![world.relay(&mut draws)];
    let mut consumers: Vec<_> = (0..2).map(|it| world.consumer(stream(seed + it))).collect();
    let mut committed = BTreeMap::<u64, Vec<u64>>::new();
    for message in 0..MESSAGES {
        let mut transaction = Transaction::begin(&world.store);
        let row = [b'r', (message % ROWS) as u8];
        transaction.get(row).await.unwrap();
        transaction.put(row, [message as u8]);
        let told = numbered(message).key([(message % ROWS) as u8]);
        outbox.add(&mut transaction, "t", told).await.unwrap();
        if draws.unit() < 0.9 && transaction.commit().await.is_ok() {
            committed.entry(message % ROWS).or_default().push(message);
        }
        tokio::time::sleep(ms(draws.below(60))).await;
        match draws.below(12) {
            0 => relays = vec![world.relay(&mut draws)],
            1 => relays.push(world.relay(&mut draws)),
            2 | 3 => consumers[draws.below(2) as usize] = world.consumer(stream(seed + message)),
            4 => restarted.restart().await,
            _ => {}
        }
    }
    flaky.becomes(Rates::default());
    tokio::time::sleep(Duration::from_secs(100)).await;
    let mut effects = BTreeMap::new();
    for row in 0..ROWS {
        effects.insert(row, world.effects(row).await);
    }
    [committed, effects]
}

#[test]
fn what_is_committed_has_its_effect_once_among_competing_consumers() {
    // The last of them is one in which a broker was replaced while the relay asked it.
    for seed in (0..cases(40)).chain([223]) {
        let [committed, effects] = run(world(seed, Sharing::Competing));
        assert_eq!(committed, effects, "seed {seed}");
    }
}

#[test]
fn what_is_committed_has_its_effect_once_while_partitions_change_hands() {
    for seed in 0..cases(40) {
        let [committed, effects] =
            run(world(seed, Sharing::Partitions(Assignor::CooperativeSticky)));
        assert_eq!(committed, effects, "seed {seed}");
    }
}
