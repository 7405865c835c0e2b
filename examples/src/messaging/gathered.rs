use std::sync::Arc;

use cascadia_patterns::messaging::consumer::{Consumer, ConsumerConfig};
use cascadia_patterns::messaging::{Broker, BrokerError, Delivery, Sharing, Start, Subscription};
use cascadia_runtime::{Stream, TokioWorld};

use super::{Bus, Tally, number};

/// Somebody who hears of all that is published to a topic.
pub(super) struct Gathered {
    pub(super) tally: Tally,
    _consumer: Consumer,
}

impl Gathered {
    pub(super) async fn of(broker: &Arc<dyn Broker>, topic: &str) -> Result<Self, BrokerError> {
        let (sharing, start) = (Sharing::Broadcast, Start::Earliest);
        let own = Subscription { sharing, start, ..Subscription::new(topic, "those-who-look") };
        let tally = Tally::default();
        let told = tally.clone();
        let handler = move |delivery: Delivery| {
            told.add(number(&delivery.message));
            std::future::ready(Ok(()))
        };
        let config = Bus::fitted(broker, ConsumerConfig::new(own));
        let (world, stream) = (TokioWorld::new(), Stream::from_entropy());
        let mut consumer = Consumer::start(config, world, stream, Arc::clone(broker), handler)?;
        consumer.connected().await?;
        Ok(Self { tally, _consumer: consumer })
    }
}
