use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use crate::messaging::consumer::{Consumer, ConsumerConfig, Fault};
use crate::messaging::embedded::Embedded;
use crate::messaging::inbox::{Inbox, InboxConfig, Known};
use crate::messaging::outbox::{Outbox, OutboxConfig, Relay, Relaying};
use crate::messaging::{
    Broker, BrokerError, Delivery, Message, Start, Subscription, Topic, TopicSettings,
};
use crate::store::{Range, Store, StoreError, Transaction};

const ORDERS: &str = "order/";
const EFFECTS: &str = "effect/";
const TOPIC: &str = "orders";
/// How long something is waited for that its owner may have died of.
const PATIENCE: Duration = Duration::from_millis(300);

/// All that lies between an order and its effect, at work until it is dropped.
struct Chain<R: Runtime> {
    store: Arc<dyn Store>,
    outbox: Outbox,
    _relay: Relaying<R>,
    _consumer: Consumer,
}

impl<R: Runtime> Chain<R> {
    /// Goes on with what is on a store.
    async fn start(
        world: R,
        store: Arc<dyn Store>,
        stream: &mut Stream,
    ) -> Result<Self, BrokerError> {
        let broker = Embedded::open(world.clone(), Arc::clone(&store), "bus").await?;
        let broker: Arc<dyn Broker> = Arc::new(broker);
        if broker.partitions(TOPIC.into()).await.is_err() {
            broker.declare(TOPIC.into(), TopicSettings::log(2)).await?;
        }
        let config = OutboxConfig {
            lease: PATIENCE,
            skew: Duration::from_millis(1),
            query_delay: Duration::from_millis(20),
            timeout: PATIENCE / 3,
            ..OutboxConfig::new("outbox/")
        };
        let relay =
            Relay::new(config, world.clone(), stream, Arc::clone(&store), Arc::clone(&broker));
        let relay = relay.map_err(|error| BrokerError::Unavailable(error.to_string()))?;
        let consumer = consumer(world, &store, broker, Stream::from_seed(stream.next_u64()))?;
        let outbox = Outbox::new("outbox/", stream);
        Ok(Self { store, outbox, _relay: Relaying::start(relay), _consumer: consumer })
    }

    /// Makes an order. Once this is done it is kept, with all that follows from it.
    async fn order(&self, number: u64) -> Result<(), StoreError> {
        let mut transaction = Transaction::begin(&self.store);
        let name = format!("{number:020}");
        transaction.put(format!("{ORDERS}{name}"), "");
        let told = Message::new(name.clone()).key(name);
        self.outbox.add(&mut transaction, TOPIC, told).await?;
        transaction.commit().await.map(drop)
    }
}

fn consumer<R: Runtime>(
    world: R,
    store: &Arc<dyn Store>,
    broker: Arc<dyn Broker>,
    stream: Stream,
) -> Result<Consumer, BrokerError> {
    let own = Subscription {
        start: Start::Earliest,
        ack_wait: PATIENCE,
        attempts: None,
        ..Subscription::new(Topic::from(TOPIC), "effects")
    };
    let inbox = Inbox::new(InboxConfig::new("inbox/"));
    let inbox = Arc::new(inbox.map_err(|error| BrokerError::Unavailable(error.to_string()))?);
    let (store, own_world) = (Arc::clone(store), world.clone());
    let handler = move |delivery: Delivery| {
        let (inbox, store, now) = (Arc::clone(&inbox), Arc::clone(&store), own_world.wall());
        async move {
            let failed = |error: StoreError| Fault::again(error.to_string());
            let known = inbox.begin(&store, now, &delivery).await.map_err(failed)?;
            let Known::First(mut transaction) = known else { return Ok(()) };
            let row = [EFFECTS.as_bytes(), delivery.message.bytes()].concat();
            let mut effects =
                transaction.get(row.clone()).await.map_err(failed)?.unwrap_or_default();
            effects.push(1);
            transaction.put(row, effects);
            transaction.commit().await.map(drop).map_err(failed)
        }
    };
    Consumer::start(ConsumerConfig::new(own), world, stream, broker, handler)
}

/// What is on a store.
#[derive(Debug, Default)]
pub struct Orders {
    orders: BTreeSet<u64>,
    /// How often each had its effect.
    effects: BTreeMap<u64, usize>,
}

impl Orders {
    /// Reads it.
    pub async fn read(store: &Arc<dyn Store>) -> Result<Self, StoreError> {
        let orders = rows(store, ORDERS).await?.into_iter().map(|(number, _)| number).collect();
        let effects = rows(store, EFFECTS).await?.into_iter().collect();
        Ok(Self { orders, effects })
    }

    /// Whether all orders have had their effects.
    pub fn are_done(&self) -> bool {
        self.orders.iter().all(|order| self.effects.contains_key(order))
    }

    /// What must never be, of orders of which these were acknowledged.
    pub fn broken(&self, acknowledged: &BTreeSet<u64>) -> Option<String> {
        let lost = acknowledged.difference(&self.orders).next();
        let doubled = self.effects.iter().find(|(_, times)| **times != 1);
        let unfounded = self.effects.keys().find(|order| !self.orders.contains(order));
        lost.map(|order| format!("order {order} was acknowledged and is lost"))
            .or_else(|| doubled.map(|(order, times)| format!("order {order} had {times} effects")))
            .or_else(|| unfounded.map(|order| format!("an effect of order {order}, which is none")))
    }
}

/// The numbers of all rows of a kind, and how much is in each.
async fn rows(store: &Arc<dyn Store>, kind: &str) -> Result<Vec<(u64, usize)>, StoreError> {
    let number = |key: &[u8]| std::str::from_utf8(&key[kind.len()..]).ok()?.parse().ok();
    let (mut rows, mut rest) = (Vec::new(), Some(Range::prefix(kind)));
    let mut transaction = Transaction::begin(store);
    while let Some(range) = rest {
        let page = transaction.range(range, 1_000).await?;
        rows.extend(page.rows.iter().filter_map(|row| Some((number(&row.key)?, row.value.len()))));
        rest = page.rest;
    }
    Ok(rows)
}

/// Makes orders from a number on, one after the other, and tells of each when it is acknowledged; until the store
/// fails. No number may be used twice, in whatever life.
pub async fn work<R: Runtime>(
    world: R,
    store: Arc<dyn Store>,
    mut stream: Stream,
    first: u64,
    tell: impl Fn(u64),
) -> Result<(), BrokerError> {
    let chain = Chain::start(world, store, &mut stream).await?;
    let mut number = first;
    while chain.order(number).await.is_ok() {
        tell(number);
        number += 1;
    }
    Ok(())
}

/// Goes on with what is on a store until all orders have had their effects. Who waits for it says how long.
pub async fn finish<R: Runtime>(
    world: R,
    store: Arc<dyn Store>,
    mut stream: Stream,
) -> Result<Orders, BrokerError> {
    let chain = Chain::start(world.clone(), Arc::clone(&store), &mut stream).await?;
    loop {
        if let Ok(orders) = Orders::read(&store).await
            && orders.are_done()
        {
            drop(chain);
            return Ok(orders);
        }
        world.sleep_until(world.now() + PATIENCE).await;
    }
}
