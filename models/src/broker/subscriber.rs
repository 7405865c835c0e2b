use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::consumer::{Consumer, Fault};
use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
use cascadia_patterns::messaging::request_reply::Replier;
use cascadia_patterns::messaging::{Delivery, Group, Topic};
use cascadia_runtime::Stream;
use cascadia_sim_core::Local;

use super::client::{Remote, RemoteBroker};
use super::note::Note;
use super::reply;
use crate::exchange::{Answer, Content, ServiceError};
use crate::own::{Handed, Own};
use crate::plan::ConsumePlan;

/// What a replica does with a message, and what came of it.
pub(crate) type Work = Arc<dyn Fn(Note, &Delivery) -> BoxFuture<Answer> + Send + Sync>;

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
        let worker = Worker { remote, work, own: plan.own.clone() };
        let handler = move |delivery: Delivery| worker.clone().handle(delivery);
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

/// Who does what messages ask for.
#[derive(Clone)]
struct Worker {
    remote: Arc<Remote>,
    work: Work,
    own: Option<Own>,
}

impl Worker {
    async fn handle(self, delivery: Delivery) -> Result<Answer, Fault> {
        let note = Note::read(delivery.message.bytes());
        let Some(note) = note else { return Err(Fault::poison("it is not of this simulation")) };
        let source = Arc::clone(&delivery.id.source);
        let answer = match &self.own {
            None => (self.work)(note, &delivery).await,
            // Few have code of their own, and it need not make room for itself in all others.
            Some(own) => Ok(Box::pin(self.hand(own, note, delivery)).await?),
        };
        if let Ok(content) = &answer
            && let Some(of) = group(&self.remote, &source.partition.topic, &source.group)
        {
            let seen = (self.remote.life.place().id(), self.remote.life.now());
            let mut witness = self.remote.hub.witness.borrow_mut();
            witness.done(of, note.spot, content.known, seen);
        }
        Ok(answer)
    }

    /// Lets somebody's own code do it.
    async fn hand(&self, own: &Own, note: Note, delivery: Delivery) -> Result<Content, Fault> {
        let done = Arc::<Local<Content>>::default();
        let (work, seen, given) = (Arc::clone(&self.work), Arc::clone(&done), delivery.clone());
        let life = self.remote.life.clone();
        let handed = Handed {
            delivery,
            about: note.subject(),
            work: Box::new(move || {
                let (answer, seen) = (work(note, &given), Arc::clone(&seen));
                Box::pin(async move {
                    let content = answer
                        .await
                        .map_err(|failure| Fault::again(ServiceError::kind_of(&failure).name()))?;
                    *seen.borrow_mut() = content;
                    Ok(())
                })
            }),
            rest: Box::new(move |duration| Box::pin(life.sleep(duration))),
        };
        own.handle(handed).await?;
        Ok(*done.borrow_mut())
    }
}

/// Where a group of consumers is.
pub(super) fn group(remote: &Remote, topic: &Topic, group: &Group) -> Option<(usize, usize)> {
    let topic = remote.hub.plan.topic(topic)?;
    Some((topic, remote.hub.group(topic, group.as_str())?))
}
