use std::sync::Arc;

use cascadia_patterns::messaging::Start;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{
    BaseConsumer, CommitMode, Consumer as _, ConsumerContext, RebalanceProtocol,
};
use rdkafka::error::KafkaResult;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, TopicPartitionList};

use crate::seat::Seat;

/// Takes for a member what its group gives it, and gives back what it takes.
#[derive(Clone, Debug)]
pub(crate) struct Watcher(pub(crate) Arc<Seat>);

impl ClientContext for Watcher {}

impl ConsumerContext for Watcher {
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        what: RDKafkaRespErr,
        list: &mut TopicPartitionList,
    ) {
        let protocol = consumer.rebalance_protocol();
        let is_eager = !matches!(protocol, RebalanceProtocol::Cooperative);
        // What fails here is asked again by the group.
        if what == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            let places = self.places(consumer, list);
            let begun = self.0.list(&places);
            drop(if is_eager {
                consumer.assign(&begun)
            } else {
                consumer.incremental_assign(&begun)
            });
            self.0.assign(&places);
            return;
        }
        let numbers: Vec<_> = list.elements().iter().map(|it| it.partition() as u32).collect();
        self.0.revoke(&numbers);
        drop(if is_eager { consumer.unassign() } else { consumer.incremental_unassign(list) });
    }
}

impl Watcher {
    /// Where it goes on, in what it was given. Where the group begins is kept from then on.
    fn places(&self, consumer: &BaseConsumer<Self>, list: &TopicPartitionList) -> Vec<(u32, u64)> {
        let seat = &self.0;
        let known = consumer.committed_offsets(list.clone(), seat.patience);
        let known = known.unwrap_or_default();
        let (mut places, mut fresh) = (Vec::new(), Vec::new());
        for element in list.elements() {
            let number = element.partition();
            let committed = known.find_partition(&seat.name, number).map(|it| it.offset());
            let place = match committed {
                Some(Offset::Offset(place)) => place as u64,
                _ => {
                    let place = place_of(consumer, seat, number, seat.start).unwrap_or(0);
                    fresh.push((number as u32, place));
                    place
                }
            };
            places.push((number as u32, place));
        }
        if !fresh.is_empty() {
            // Where it cannot be kept, whoever comes next begins anew.
            drop(consumer.commit(&seat.list(&fresh), CommitMode::Sync));
        }
        places
    }
}

/// The offset that is meant in a partition.
pub(crate) fn place_of(
    consumer: &BaseConsumer<Watcher>,
    seat: &Seat,
    partition: i32,
    start: Start,
) -> KafkaResult<u64> {
    if let Start::At(offset) = start {
        return Ok(offset.0);
    }
    let (low, high) = consumer.fetch_watermarks(&seat.name, partition, seat.patience)?;
    Ok(if start == Start::Earliest { low } else { high } as u64)
}
