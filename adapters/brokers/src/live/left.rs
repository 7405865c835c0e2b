use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::suite::Usual;
use cascadia_patterns::messaging::{Batch, Broker, Message, Start, Subscription};

use super::{delivered, run};

/// Which attempt it is for the next one when something is published so long after somebody has left.
///
/// # Panics
///
/// When the broker fails.
pub fn attempt_behind_who_leaves(broker: &Arc<dyn Broker>, usual: &Usual, after: Duration) -> u32 {
    run(async {
        let name = format!("left-{}", std::process::id());
        broker.declare(name.as_str().into(), usual.topic.clone()).await.expect("a topic");
        let own = Subscription { start: Start::Earliest, ..Subscription::new(&*name, "shop") };
        let first = Batch::new((&*name, 0), [Message::new("one")]);
        broker.publish(first).await.expect("it is published");
        let mut feed = broker.subscribe(own.clone()).await.expect("a feed");
        delivered(&mut feed).await;
        // It asks for more now.
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(feed);
        tokio::time::sleep(after).await;
        let second = Batch::new((&*name, 0), [Message::new("two")]);
        broker.publish(second).await.expect("it is published");
        let mut feed = broker.subscribe(own).await.expect("a feed");
        loop {
            let next = delivered(&mut feed).await;
            if next.message.bytes() == b"two" {
                return next.attempt;
            }
        }
    })
}
