use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::task::Context;

use cascadia_brokers::{StationFeed, invalid};
use cascadia_patterns::messaging::{
    BrokerError, Feed, Group, Lag, Partition, Sharing, Subscription, Topic,
};
use lapin::options::{QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::{AMQPValue, FieldTable, LongString};

use crate::error::meaning;
use crate::feeding::{Seat, feed};
use crate::server::Server;
use crate::taking::{Taking, lock};

impl Server {
    pub(crate) async fn subscribe(&self, own: Subscription) -> Result<Box<dyn Feed>, BrokerError> {
        own.check()?;
        self.can().allow(own.needs())?;
        let [topic] = own.topics.as_slice() else {
            return Err(invalid("topics", "must be one"));
        };
        for topic in [Some(topic), own.dead_letter.as_ref()].into_iter().flatten() {
            self.exists(topic).await?;
        }
        let (exchange, queue) = (self.link.exchange(topic)?, self.link.queue(topic, &own.group)?);
        let channel = self.link.channel().await?;
        let failed = |error: lapin::Error| meaning(topic, &error);
        let durable = self.link.config.durable;
        let options = QueueDeclareOptions { durable, ..QueueDeclareOptions::default() };
        let made = channel.queue_declare(queue.clone(), options, self.arguments(&own)?);
        made.await.map_err(failed)?;
        let (bound, none) = (QueueBindOptions::default(), FieldTable::default());
        let bound = channel.queue_bind(queue.clone(), exchange, "".into(), bound, none);
        bound.await.map_err(failed)?;
        let station = self.stations.open_one(topic.clone(), &own);
        let channel = Arc::new(channel);
        let taking = Arc::new(Mutex::new(Taking {
            channel: Arc::clone(&channel),
            topic: topic.clone(),
            prefix: self.link.config.prefix.clone(),
            offsets: Arc::clone(&self.offsets),
            station: Arc::clone(&station),
            consumer: None,
            waiting: VecDeque::new(),
            worthless: Vec::new(),
        }));
        tokio::spawn(feed(Seat {
            channel,
            topic: topic.clone(),
            queue,
            station: Arc::clone(&station),
            taking: Arc::clone(&taking),
            poll: self.link.config.poll,
        }));
        let fetch = move |context: &mut Context<'_>| lock(&taking).take(context);
        Ok(Box::new(StationFeed::fetching(station, Box::new(fetch))))
    }

    /// What a queue is made with, which cannot be changed.
    fn arguments(&self, own: &Subscription) -> Result<FieldTable, BrokerError> {
        let mut arguments = FieldTable::default();
        let mut add = |name: &str, value: AMQPValue| {
            arguments.insert(name.into(), value);
        };
        let text = |text: &str| AMQPValue::LongString(LongString::from(text));
        let is_quorum = self.link.config.durable;
        add("x-queue-type", text(if is_quorum { "quorum" } else { "classic" }));
        if let Some(attempts) = own.attempts {
            // It is the first one after the limit that is not delivered.
            add("x-delivery-limit", AMQPValue::LongLongInt(i64::from(attempts) - 1));
        }
        if let Some(dead) = &own.dead_letter {
            add("x-dead-letter-exchange", text(self.link.exchange(dead)?.as_str()));
            if is_quorum {
                add("x-dead-letter-strategy", text("at-least-once"));
                // Without it, the server drops letters all the same.
                add("x-overflow", text("reject-publish"));
            }
        }
        if own.sharing == Sharing::Exclusive {
            add("x-single-active-consumer", AMQPValue::Boolean(true));
        }
        Ok(arguments)
    }

    pub(crate) async fn lag(&self, group: Group, of: Partition) -> Result<Lag, BrokerError> {
        let channel = self.link.channel().await?;
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let name = self.link.queue(&of.topic, &group)?;
        match channel.queue_declare(name, options, FieldTable::default()).await {
            Ok(queue) => {
                drop(channel.close(200, "done".into()).await);
                Ok(Lag { messages: u64::from(queue.message_count()), ..Lag::default() })
            }
            Err(error) => match meaning(&of.topic, &error) {
                BrokerError::NoTopic(_) => Ok(Lag::default()),
                error => Err(error),
            },
        }
    }

    pub(crate) async fn forget(&self, group: Group, topic: Topic) -> Result<(), BrokerError> {
        let channel = self.link.channel().await?;
        let name = self.link.queue(&topic, &group)?;
        let gone = channel.queue_delete(name, QueueDeleteOptions::default()).await;
        gone.map_err(|error| meaning(&topic, &error))?;
        drop(channel.close(200, "done".into()).await);
        Ok(())
    }
}
