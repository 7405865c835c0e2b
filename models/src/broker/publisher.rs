use std::sync::Arc;

use cascadia_patterns::messaging::producer::{Fate, Producer};
use cascadia_runtime::Stream;

use super::client::{Remote, RemoteBroker};
use super::posting::Posting;
use crate::plan::PublishPlan;
use crate::tcp::Host;

/// A producer at a replica, in one life.
pub(crate) struct Publisher {
    remote: Arc<Remote>,
    producer: Producer<Host>,
}

impl Publisher {
    /// One that does as a plan says.
    pub(crate) fn new(remote: &Arc<Remote>, plan: &PublishPlan, stream: Stream) -> Self {
        let broker = Arc::new(RemoteBroker(Arc::clone(remote)));
        let host = remote.life.host();
        let producer = Producer::new(plan.config.clone(), host, stream, broker);
        let producer = producer.expect("what a broker cannot do is refused with the plan");
        Self { remote: Arc::clone(remote), producer }
    }

    /// Publishes a message, and says whether its publisher may believe that it is there.
    pub(crate) async fn publish(&self, plan: &PublishPlan, posting: Posting) -> bool {
        let (spot, message) = posting.begin(&self.remote, plan);
        let is_believed = match plan.waits {
            true => match self.producer.send(plan.topic.clone(), message).await {
                Fate::Confirmed { .. } => true,
                Fate::Failed(_) | Fate::Unknown(_) | Fate::Dropped(_) => false,
            },
            false => {
                self.producer.post(plan.topic.clone(), message).await;
                true
            }
        };
        self.remote.hub.witness.borrow_mut().published(spot, is_believed);
        is_believed
    }
}
