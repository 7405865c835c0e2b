use std::sync::Arc;
use std::time::Duration;

use super::super::{Replier, RequestConfig, RequestError, Requester};
use crate::messaging::consumer::{ConsumerConfig, Fault};
use crate::messaging::producer::{Producer, ProducerConfig};
use crate::messaging::tests::{Dated, Desk, desk, number, numbered, run, stream};
use crate::messaging::{
    Batch, Broker, Delivery, Message, Partition, Start, Subscription, Topic, header,
};
use crate::testing::ms;

const SECOND: Duration = Duration::from_secs(1);

struct Rig {
    desk: Arc<Desk>,
    requester: Requester<Dated>,
    replier: Replier,
}

fn producer(world: Dated, desk: &Arc<Desk>, seed: u64) -> Producer<Dated> {
    let broker = Arc::clone(desk) as Arc<dyn Broker>;
    Producer::new(ProducerConfig::default(), world, stream(seed), broker).unwrap()
}

/// Replies with twice the number, after so many seconds as the number has tens; 13 is poison.
async fn rig() -> Rig {
    let (world, desk) = desk("double", 1).await;
    let double = async |request: Delivery| {
        let asked = number(&request.message);
        tokio::time::sleep(SECOND * (asked / 10) as u32).await;
        if asked == 13 { Err(Fault::poison("13")) } else { Ok(numbered(2 * asked)) }
    };
    let own = Subscription { start: Start::Earliest, ..Subscription::new("double", "g") };
    let config = ConsumerConfig { concurrency: 10, ..ConsumerConfig::new(own) };
    let broker = || Arc::clone(&desk) as Arc<dyn Broker>;
    let to = producer(world, &desk, 1);
    let replier = Replier::start(config, world, stream(2), broker(), to, double).unwrap();
    let (config, to) = (RequestConfig::new("ann"), producer(world, &desk, 3));
    let requester = Requester::open(config, world, stream(4), broker(), to).await.unwrap();
    Rig { desk, requester, replier }
}

#[test]
fn each_request_has_its_own_reply() {
    run(async {
        let Rig { requester, .. } = &rig().await;
        let ask = async |it| number(&requester.request("double", numbered(it)).await.unwrap());
        let all = tokio::join!(ask(21), ask(1), ask(12), ask(2));
        assert_eq!(all, (42, 2, 24, 4));
        assert_eq!(requester.pending(), 0);
    });
}

/// † Nobody replies within 30 s; then somebody does, and nobody waits.
#[test]
fn a_late_reply_is_dropped_and_counted() {
    run(async {
        let Rig { requester, .. } = &rig().await;
        let began = tokio::time::Instant::now();
        let result = requester.request("double", numbered(310)).await;
        assert_eq!((result, began.elapsed()), (Err(RequestError::TimedOut), SECOND * 30));
        assert_eq!(requester.pending(), 0);
        tokio::time::sleep(SECOND * 2).await;
        let counts = requester.counts();
        assert_eq!((counts.timed_out, counts.late, counts.duplicate), (1, 1, 0));
    });
}

/// † The reply is there twice.
#[test]
fn a_second_reply_is_dropped_and_counted() {
    run(async {
        let Rig { desk, requester, .. } = &rig().await;
        requester.request("double", numbered(1)).await.unwrap();
        let reply = desk.log("ann", 0)[0].as_ref().clone();
        let inbox = Partition::from(Topic::from("ann"));
        let stray = reply.clone().header(header::CORRELATION_ID, "another life-0");
        desk.publish(Batch::new(inbox, [reply, stray, Message::new("?")])).await.unwrap();
        tokio::time::sleep(SECOND).await;
        let counts = requester.counts();
        assert_eq!((counts.replied, counts.duplicate, counts.stray), (1, 1, 2));
    });
}

/// † Its caller is gone in the middle.
#[test]
fn a_caller_that_is_dropped_leaves_nothing() {
    run(async {
        let Rig { requester, .. } = &rig().await;
        let call = requester.request("double", numbered(20));
        assert!(tokio::time::timeout(ms(100), call).await.is_err());
        assert_eq!((requester.pending(), requester.counts().dropped), (0, 1));
        tokio::time::sleep(SECOND * 3).await;
        assert_eq!(requester.counts().late, 1);
    });
}

#[test]
fn who_cannot_reply_says_so() {
    run(async {
        let Rig { requester, replier, .. } = &rig().await;
        let result = requester.request("double", numbered(13)).await;
        assert_eq!(result, Err(RequestError::Fault("13".into())));
        tokio::time::sleep(ms(10)).await;
        assert_eq!(replier.counts().dead, 1);
    });
}

#[test]
fn a_request_that_is_not_sent_ends_at_once() {
    run(async {
        let Rig { requester, .. } = &rig().await;
        let result = requester.request("nothing", numbered(1)).await;
        assert!(matches!(result, Err(RequestError::NotSent(_))), "{result:?}");
        assert_eq!((requester.pending(), requester.counts().not_sent), (0, 1));
    });
}

#[test]
fn a_reply_whose_inbox_is_gone_is_counted() {
    run(async {
        let Rig { desk, requester, replier } = rig().await;
        let call = requester.request("double", numbered(20));
        assert!(tokio::time::timeout(ms(100), call).await.is_err());
        drop(requester);
        desk.remove("ann".into()).await.unwrap();
        tokio::time::sleep(SECOND * 3).await;
        assert_eq!((replier.orphans(), replier.counts().done), (1, 1));
    });
}
