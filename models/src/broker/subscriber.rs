use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::consumer::{Consumer, Fault};
use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
use cascadia_patterns::messaging::request_reply::Replier;
use cascadia_patterns::messaging::{Delivery, Group, Topic};
use cascadia_runtime::Stream;

use super::client::{Remote, RemoteBroker};
use super::note::Note;
use super::reply;
use crate::exchange::Answer;
use crate::plan::ConsumePlan;

/// What a replica does with a message, and what came of it.
pub(crate) type Work = Arc<dyn Fn(Note, u32) -> BoxFuture<Answer> + Send + Sync>;

/// A consumer at a replica, in one life. Dropped, it stops.
pub(crate) enum Subscriber {
    Consumer(Consumer),
    Replier(Replier),
}

impl Subscriber {
    /// One that does as a plan says.
    pub(crate) fn new(
        remote: &Arc<Remote>,
        plan: &ConsumePlan,
        [consumes, replies]: [Stream; 2],
        work: Work,
    ) -> Self {
        let broker = Arc::new(RemoteBroker(Arc::clone(remote)));
        let remote = Arc::clone(remote);
        let (config, host) = (plan.config.clone(), remote.life.host());
        let handler = move |delivery: Delivery| handle(remote.clone(), work.clone(), delivery);
        let refused = "what a broker cannot do is refused with the plan";
        if !plan.replies {
            let handler = move |delivery: Delivery| {
                let answer = handler(delivery);
                async move { answer.await?.map(drop).map_err(|_| Fault::again("it failed")) }
            };
            let consumer = Consumer::start(config, host, consumes, broker, handler);
            return Self::Consumer(consumer.expect(refused));
        }
        let handler = move |delivery: Delivery| {
            let answer = handler(delivery);
            async move { reply::write(&answer.await?) }
        };
        let settings = ProducerConfig::default();
        let producer = Producer::new(settings, host.clone(), replies, Arc::clone(&broker) as _);
        let producer = producer.expect(refused);
        let replier = Replier::start(config, host, consumes, broker, producer, handler);
        Self::Replier(replier.expect(refused))
    }

    /// Takes nothing more, and ends what it has.
    pub(crate) async fn drain(self) {
        // One that has ended before has nothing to end.
        let _ = match self {
            Self::Consumer(consumer) => consumer.drain().await,
            Self::Replier(replier) => replier.drain().await,
        };
    }
}

/// Does what a message asks for.
async fn handle(remote: Arc<Remote>, work: Work, delivery: Delivery) -> Result<Answer, Fault> {
    let note = Note::read(delivery.message.bytes());
    let Some(note) = note else { return Err(Fault::poison("it is not of this simulation")) };
    let answer = work(note, delivery.attempt).await;
    let source = &delivery.id.source;
    if answer.is_ok()
        && let Some(of) = group(&remote, &source.partition.topic, &source.group)
    {
        let seen = (remote.life.place().id(), remote.life.now());
        remote.hub.witness.borrow_mut().done(of, note.spot, seen);
    }
    Ok(answer)
}

/// Where a group of consumers is.
fn group(remote: &Remote, topic: &Topic, group: &Group) -> Option<(usize, usize)> {
    let topic = remote.hub.plan.topic(topic)?;
    Some((topic, remote.hub.group(topic, group.as_str())?))
}
