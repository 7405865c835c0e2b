use std::sync::Arc;

use cascadia_patterns::messaging::producer::{Fate, Producer};
use cascadia_patterns::messaging::{Bytes, Message, Topic};
use cascadia_runtime::Stream;

use super::client::{Remote, RemoteBroker};
use super::note::Note;
use super::spot::Spot;
use crate::plan::PublishPlan;
use crate::tcp::Host;

/// A producer at a replica, in one life.
pub(crate) struct Publisher {
    remote: Arc<Remote>,
    producer: Producer<Host>,
}

/// A message that is to be published.
pub(crate) struct Posting {
    /// What it says; its spot is given when it is published.
    pub(crate) note: Note,
    /// What it is about.
    pub(crate) subject: u32,
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
        let (spot, message) = self.begin(plan, posting);
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

    fn begin(&self, plan: &PublishPlan, Posting { note, subject }: Posting) -> (Spot, Message) {
        let mut witness = self.remote.hub.witness.borrow_mut();
        let topic = self.topic(&plan.topic);
        let spot = witness.next(topic);
        let body = Bytes::from(Note { spot, ..note }.write(plan.size));
        let key = plan.keyed.then_some(subject);
        witness.begun(spot, body.downgrade(), key, self.remote.life.now());
        let message = Message::new(body);
        match key {
            Some(key) => (spot, message.key(key.to_string().as_str())),
            None => (spot, message),
        }
    }

    fn topic(&self, name: &Topic) -> usize {
        self.remote.hub.plan.topic(name).expect("topics of a plan are resolved")
    }
}
