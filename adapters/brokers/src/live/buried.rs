use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::suite::Usual;
use cascadia_patterns::messaging::{Batch, Broker, Message, Start, Subscription};

use super::{delivered, run};

/// How long nobody buries what nobody is there for.
const ALONE: Duration = Duration::from_secs(1);

/// Whether what is dead, as its last consumer has gone, is buried when the next one comes and not before. Of brokers whose
/// feeds bury.
///
/// # Panics
///
/// When the broker fails.
pub fn is_buried_by_the_next(broker: &Arc<dyn Broker>, usual: &Usual) -> bool {
    run(async {
        let name = format!("buried-{}", std::process::id());
        let (log, dead) = (name.clone(), format!("{name}-dead"));
        for topic in [&log, &dead] {
            let settings = usual.topic.clone();
            broker.declare(topic.as_str().into(), settings).await.expect("a topic");
        }
        let start = Start::Earliest;
        let of = |topic: &str| Subscription { start, ..Subscription::new(topic, "shop") };
        let own = || Subscription {
            attempts: Some(1),
            dead_letter: Some(dead.as_str().into()),
            ..of(&log)
        };
        let mut morgue = broker.subscribe(of(&dead)).await.expect("a feed");
        let mut feed = broker.subscribe(own()).await.expect("a feed");
        let batch = Batch::new((log.as_str(), 0), [Message::new("bad")]);
        broker.publish(batch).await.expect("it is published");
        delivered(&mut feed).await;
        drop(feed);
        let early = tokio::time::timeout(ALONE, delivered(&mut morgue)).await.is_ok();
        let _next = broker.subscribe(own()).await.expect("a feed");
        delivered(&mut morgue).await;
        !early
    })
}
