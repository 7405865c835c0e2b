mod ends;
mod flow;
mod kill_switch;
mod order;
mod poller;
mod properties;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Consumer, ConsumerConfig, Fault, Handler};
use crate::messaging::tests::{Dated, Desk, number, numbered, stream};
use crate::messaging::{Batch, Broker, Delivery, Message, Partition, Start, Subscription, Topic};
use crate::sync::lock;

const SECOND: Duration = Duration::from_secs(1);

/// What was done, in order.
#[derive(Clone, Default)]
struct Effects(Arc<Mutex<Vec<u64>>>);

impl Effects {
    fn add(&self, delivery: &Delivery) {
        lock(&self.0).push(number(&delivery.message));
    }

    fn all(&self) -> Vec<u64> {
        lock(&self.0).clone()
    }

    /// A handler that takes so long and goes well.
    fn handler(&self, takes: Duration) -> impl Handler {
        let effects = self.clone();
        move |delivery: Delivery| {
            let effects = effects.clone();
            async move {
                tokio::time::sleep(takes).await;
                effects.add(&delivery);
                Ok(())
            }
        }
    }

    /// A handler that fails as it is told, by the number of a message and which delivery it is.
    fn failing(
        &self,
        fault: impl Fn(u64, u32) -> Option<Fault> + Send + Sync + 'static,
    ) -> impl Handler {
        let effects = self.clone();
        move |delivery: Delivery| {
            let fault = fault(number(&delivery.message), delivery.attempt);
            if fault.is_none() {
                effects.add(&delivery);
            }
            std::future::ready(fault.map_or(Ok(()), Err))
        }
    }
}

fn subscription() -> Subscription {
    Subscription { start: Start::Earliest, ..Subscription::new("t", "g") }
}

fn config() -> ConsumerConfig {
    ConsumerConfig::new(subscription())
}

fn start(
    config: ConsumerConfig,
    world: Dated,
    desk: &Arc<Desk>,
    handler: impl Handler,
) -> Consumer {
    let broker = Arc::clone(desk) as Arc<dyn Broker>;
    Consumer::start(config, world, stream(1), broker, handler).unwrap()
}

async fn publish(desk: &Desk, messages: impl IntoIterator<Item = Message>) {
    let to = Partition::from(Topic::from("t"));
    desk.publish(Batch::new(to, messages)).await.unwrap();
}

async fn publish_numbers(desk: &Desk, count: u64) {
    publish(desk, (0..count).map(numbered)).await;
}
