use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::consumer::{Consumer, Fault};
use cascadia_patterns::messaging::{Delivery, Group, Topic};
use cascadia_runtime::Stream;

use super::client::{Remote, RemoteBroker};
use super::note::Note;
use crate::plan::ConsumePlan;

/// What a replica does with a message, and whether that went well.
pub(crate) type Work = Arc<dyn Fn(Note, u32) -> BoxFuture<bool> + Send + Sync>;

/// A consumer at a replica, in one life. Dropped, it stops.
pub(crate) struct Subscriber {
    _consumer: Consumer,
}

impl Subscriber {
    /// One that does as a plan says.
    pub(crate) fn new(
        remote: &Arc<Remote>,
        plan: &ConsumePlan,
        stream: Stream,
        work: Work,
    ) -> Self {
        let broker = Arc::new(RemoteBroker(Arc::clone(remote)));
        let remote = Arc::clone(remote);
        let host = remote.life.host();
        let handler =
            move |delivery: Delivery| handle(Arc::clone(&remote), Arc::clone(&work), delivery);
        let consumer = Consumer::start(plan.config.clone(), host, stream, broker, handler);
        let consumer = consumer.expect("what a broker cannot do is refused with the plan");
        Self { _consumer: consumer }
    }
}

async fn handle(remote: Arc<Remote>, work: Work, delivery: Delivery) -> Result<(), Fault> {
    let note = Note::read(delivery.message.bytes());
    let Some(note) = note else { return Err(Fault::poison("it is not of this simulation")) };
    if !work(note, delivery.attempt).await {
        return Err(Fault::again("it failed"));
    }
    let source = &delivery.id.source;
    if let Some(of) = group(&remote, &source.partition.topic, &source.group) {
        remote.hub.witness.borrow_mut().done(of, note.spot);
    }
    Ok(())
}

/// Where a group of consumers is.
fn group(remote: &Remote, topic: &Topic, group: &Group) -> Option<(usize, usize)> {
    let topic = remote.hub.plan.topic(topic)?;
    Some((topic, remote.hub.group(topic, group.as_str())?))
}
