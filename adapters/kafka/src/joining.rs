use std::sync::Arc;

use cascadia_brokers::{StationFeed, invalid};
use cascadia_patterns::messaging::{Assignor, BrokerError, Feed, Reset, Sharing, Subscription};
use rdkafka::consumer::Consumer as _;

use crate::error::unavailable;
use crate::feeding::feed;
use crate::link::millis;
use crate::members::Member;
use crate::seat::Seat;
use crate::server::Server;
use crate::watching::Watcher;

impl Server {
    pub(crate) async fn subscribe(&self, own: Subscription) -> Result<Box<dyn Feed>, BrokerError> {
        own.check()?;
        self.can().allow(own.needs())?;
        let [topic] = own.topics.as_slice() else {
            return Err(invalid("topics", "must be one"));
        };
        self.link.ask(topic).await?;
        let station = self.members.stations.open_one(topic.clone(), &own);
        let (topic, patience) = ((topic.clone(), self.link.name(topic)), self.link.config.patience);
        let seat = Seat::new(topic, own.group.clone(), own.start, patience, Arc::clone(&station));
        let member = self.member(Arc::new(seat), &own)?;
        let (seat, poll) = (Arc::clone(&member.seat), self.link.config.poll);
        tokio::task::spawn_blocking(move || feed(&member, poll));
        let feed = Box::new(StationFeed::new(station));
        // A group that takes longer gives it something all the same.
        drop(tokio::time::timeout(self.link.config.joining, seat.joined.notified()).await);
        Ok(feed)
    }

    fn member(&self, seat: Arc<Seat>, own: &Subscription) -> Result<Arc<Member>, BrokerError> {
        let assignor = match own.sharing {
            Sharing::Partitions(Assignor::RoundRobin) => "roundrobin",
            Sharing::Partitions(Assignor::CooperativeSticky) => "cooperative-sticky",
            _ => "range",
        };
        let reset = match own.reset {
            Reset::Earliest => "earliest",
            Reset::Latest => "latest",
            Reset::Fail => "error",
        };
        let mut client = self.link.of_group(&own.group);
        client
            .set("partition.assignment.strategy", assignor)
            .set("auto.offset.reset", reset)
            .set("session.timeout.ms", millis(self.link.config.session))
            .set("heartbeat.interval.ms", millis(self.link.config.heartbeat));
        let name = seat.name.clone();
        let consumer = client.create_with_context(Watcher(Arc::clone(&seat)));
        let member = Arc::new(Member::new(seat, consumer.map_err(unavailable)?));
        self.members.add(&member);
        member.consumer.subscribe(&[&name]).map_err(unavailable)?;
        Ok(member)
    }
}
