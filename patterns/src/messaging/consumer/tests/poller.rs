use std::sync::Arc;

use super::super::{PollConfig, Poller};
use super::{SECOND, publish_numbers, subscription};
use crate::messaging::Broker;
use crate::messaging::tests::{Dated, Desk, desk, run};
use crate::testing::ms;

async fn open(world: Dated, desk: &Arc<Desk>) -> Poller<Dated> {
    let config = PollConfig { most: 4, ..PollConfig::new(subscription()) };
    Poller::open(config, world, Arc::clone(desk) as Arc<dyn Broker>).await.unwrap()
}

#[test]
fn a_poll_takes_what_is_there_and_waits_for_the_first() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let mut poller = open(world, &desk).await;
        let began = tokio::time::Instant::now();
        assert_eq!(poller.poll(SECOND).await.unwrap().deliveries.len(), 0);
        assert_eq!(began.elapsed(), SECOND);
        publish_numbers(&desk, 6).await;
        assert_eq!(poller.poll(SECOND).await.unwrap().deliveries.len(), 4);
        assert_eq!(poller.poll(SECOND).await.unwrap().deliveries.len(), 2);
    });
}

/// As with Kafka: what a poll has returned is acknowledged by a later one, done or not.
#[test]
fn a_poll_acknowledges_what_those_before_it_returned() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 6).await;
        let mut poller = open(world, &desk).await;
        poller.poll(SECOND).await.unwrap();
        poller.poll(SECOND).await.unwrap();
        assert_eq!(desk.done("g").len(), 0);
        tokio::time::sleep(SECOND * 5).await;
        poller.poll(ms(1)).await.unwrap();
        assert_eq!(desk.done("g").len(), 6);
    });
}
