use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use cascadia_brokers::{StationFeed, invalid};
use cascadia_patterns::messaging::{
    BrokerError, Feed, Group, Lag, Partition, Start, Subscription, Topic,
};
use redis::streams::StreamInfoGroupsReply;
use redis::{AsyncCommands, RedisResult};

use crate::error::meaning;
use crate::feeding::feed;
use crate::seat::Seat;
use crate::server::Server;

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
        self.group(topic, &own).await?;
        let seat = Arc::new(self.seat(topic, &own).await?);
        let connection = self.link.dial().await?;
        let station = self.stations.open_one(topic.clone(), &own);
        tokio::spawn(feed(Arc::clone(&self.link), connection, seat, Arc::clone(&station)));
        Ok(Box::new(StationFeed::new(station)))
    }

    /// Makes a group that is not there yet.
    async fn group(&self, topic: &Topic, own: &Subscription) -> Result<(), BrokerError> {
        let from = if own.start == Start::Earliest { "0" } else { "$" };
        let mut connection = self.link.connection().await?;
        let (stream, group) = (self.link.key(topic), own.group.as_str());
        let made: RedisResult<()> = connection.xgroup_create(stream, group, from).await;
        match made {
            Err(error) if error.code() != Some("BUSYGROUP") => {
                Err(self.link.failed(topic, error, meaning).await)
            }
            _ => Ok(()),
        }
    }

    async fn seat(&self, topic: &Topic, own: &Subscription) -> Result<Seat, BrokerError> {
        let mut connection = self.link.connection().await?;
        let members = format!("{}members", self.link.config.prefix);
        let number: RedisResult<u64> = connection.incr(members, 1).await;
        let number = match number {
            Ok(number) => number,
            Err(error) => return Err(self.link.failed(topic, error, meaning).await),
        };
        Ok(Seat {
            topic: topic.clone(),
            stream: self.link.key(topic),
            settings: self.link.settings(topic),
            dead: own.dead_letter.as_ref().map(|dead| self.link.key(dead)),
            group: own.group.to_string(),
            member: format!("member-{number}"),
            ack: own.ack,
            ack_wait: own.ack_wait.max(Duration::from_millis(1)),
            attempts: own.attempts,
            late_ack: own.late_ack,
            abandoned: own.abandoned,
            refused: AtomicBool::new(false),
        })
    }

    pub(crate) async fn lag(&self, group: Group, of: Partition) -> Result<Lag, BrokerError> {
        let mut connection = self.link.connection().await?;
        let asked: RedisResult<StreamInfoGroupsReply> =
            connection.xinfo_groups(self.link.key(&of.topic)).await;
        let groups = match asked {
            Ok(asked) => asked.groups,
            Err(error) => return Err(self.link.failed(&of.topic, error, meaning).await),
        };
        let own = groups.into_iter().find(|it| it.name == group.as_str());
        Ok(own.map_or_else(Lag::default, |own| Lag {
            messages: (own.pending + own.lag.unwrap_or(0)) as u64,
            in_flight: own.pending as u64,
            oldest: Duration::ZERO,
        }))
    }

    pub(crate) async fn forget(&self, group: Group, topic: Topic) -> Result<(), BrokerError> {
        let mut connection = self.link.connection().await?;
        let (stream, group) = (self.link.key(&topic), group.as_str());
        let gone: RedisResult<()> = connection.xgroup_destroy(stream, group).await;
        match gone {
            Ok(()) => Ok(()),
            Err(error) => Err(self.link.failed(&topic, error, meaning).await),
        }
    }
}
