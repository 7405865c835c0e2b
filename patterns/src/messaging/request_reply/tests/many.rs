//! Requests by the thousand, by the million in a full run, of which one in a hundred is never replied to.

use std::sync::Arc;

use super::super::{Replier, RequestConfig, RequestError, Requester};
use crate::messaging::consumer::ConsumerConfig;
use crate::messaging::embedded::Embedded;
use crate::messaging::producer::{Producer, ProducerConfig};
use crate::messaging::tests::{Dated, cases, numbered, run, stream};
use crate::messaging::{Broker, Delivery, Subscription, Topic, TopicSettings};
use crate::store::MemoryStore;

/// † Nothing is left behind, whatever becomes of them.
#[test]
fn requests_that_time_out_leave_nothing() {
    let all = 100 * cases(100);
    run(async {
        let (world, store) = (Dated::new(), Arc::new(MemoryStore::keeping(16)));
        let broker: Arc<dyn Broker> = Arc::new(Embedded::open(world, store, "bus").await.unwrap());
        for topic in ["double", "void"] {
            broker.declare(Topic::from(topic), TopicSettings::queue()).await.unwrap();
        }
        let any = |seed| stream(seed);
        let config = ProducerConfig { linger: std::time::Duration::ZERO, ..Default::default() };
        let producer = Producer::new(config, world, any(1), Arc::clone(&broker)).unwrap();
        let reply = async |_: Delivery| Ok(numbered(1));
        let own = Subscription { prefetch: 500, ..Subscription::new("double", "g") };
        let config = ConsumerConfig { concurrency: 500, ..ConsumerConfig::new(own) };
        let to = producer.clone();
        let replier =
            Replier::start(config, world, any(2), Arc::clone(&broker), to, reply).unwrap();
        let config = RequestConfig::new("ann");
        let requester = Requester::open(config, world, any(3), broker, producer).await.unwrap();
        let requester = Arc::new(requester);
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..100 {
            let requester = Arc::clone(&requester);
            callers.spawn(async move {
                for number in 0..all / 100 {
                    let is_void = (caller + number) % 100 == 0;
                    let topic = if is_void { "void" } else { "double" };
                    let result = requester.request(topic, numbered(number)).await;
                    assert_eq!(result.is_err(), is_void, "{result:?}");
                    assert!(!is_void || result == Err(RequestError::TimedOut));
                }
            });
        }
        callers.join_all().await;
        let counts = requester.counts();
        assert_eq!((requester.pending(), counts.made), (0, all));
        assert_eq!((counts.timed_out, counts.replied), (all / 100, all - all / 100));
        assert_eq!((counts.late, counts.duplicate, counts.stray), (0, 0, 0));
        drop(replier);
    });
}
