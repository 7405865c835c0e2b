use std::sync::Arc;

use cascadia_patterns::messaging::{BrokerError, Group, Lag, Partition, Start};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::oneshot;

use crate::error::unavailable;
use crate::link::{Link, blocking};
use crate::seat::Seek;
use crate::server::Server;

impl Server {
    /// Of whoever has the partition here, or of a group that nobody is in: who is elsewhere goes on as it is.
    pub(crate) async fn seek(
        &self,
        group: Group,
        of: Partition,
        to: Start,
    ) -> Result<(), BrokerError> {
        if of.number >= self.link.partitions(&of.topic).await? {
            return Err(BrokerError::NoTopic(of.topic));
        }
        let here = self.members.of(&group);
        let own = here.iter().find(|it| it.seat.topic == of.topic && it.seat.has(of.number));
        if let Some(member) = own {
            let (done, answer) = oneshot::channel();
            member.seat.want(Seek { partition: of.number, to, done });
            return answer.await.map_err(unavailable)?;
        }
        let link = Arc::clone(&self.link);
        blocking(move || {
            let (asks, list) = asking(&link, &group, &of)?;
            let place = match to {
                Start::At(offset) => offset.0 as i64,
                Start::Earliest => marks(&link, &asks, &of)?.0,
                _ => marks(&link, &asks, &of)?.1,
            };
            let mut list = list;
            list.set_all_offsets(Offset::Offset(place)).map_err(unavailable)?;
            asks.commit(&list, CommitMode::Sync).map_err(unavailable)
        })
        .await
    }

    pub(crate) async fn lag(&self, group: Group, of: Partition) -> Result<Lag, BrokerError> {
        if of.number >= self.link.partitions(&of.topic).await? {
            return Err(BrokerError::NoTopic(of.topic));
        }
        let here = self.members.of(&group);
        let here = here.iter().filter(|member| member.seat.topic == of.topic);
        let in_flight = here.map(|member| member.seat.in_flight(of.number) as u64).sum();
        let link = Arc::clone(&self.link);
        blocking(move || {
            let (asks, list) = asking(&link, &group, &of)?;
            let known = asks.committed_offsets(list, link.config.patience).map_err(unavailable)?;
            let place = known.elements().first().map(|it| it.offset());
            let Some(Offset::Offset(place)) = place else { return Ok(Lag::default()) };
            let (_, high) = marks(&link, &asks, &of)?;
            let messages = u64::try_from(high - place).unwrap_or(0);
            Ok(Lag { messages, in_flight, ..Lag::default() })
        })
        .await
    }
}

/// A client of a group that is no member of it, and a partition as it calls it.
fn asking(
    link: &Link,
    group: &Group,
    of: &Partition,
) -> Result<(BaseConsumer, TopicPartitionList), BrokerError> {
    let asks = link.of_group(group).create().map_err(unavailable)?;
    let mut list = TopicPartitionList::with_capacity(1);
    list.add_partition(&link.name(&of.topic), of.number as i32);
    Ok((asks, list))
}

fn marks(link: &Link, asks: &BaseConsumer, of: &Partition) -> Result<(i64, i64), BrokerError> {
    let name = link.name(&of.topic);
    asks.fetch_watermarks(&name, of.number as i32, link.config.patience).map_err(unavailable)
}
