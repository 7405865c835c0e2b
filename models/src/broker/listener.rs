use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::Delivery;
use cascadia_patterns::messaging::consumer::{Consumer, ConsumerConfig, Fault};
use cascadia_runtime::Stream;

use super::client::{Remote, RemoteBroker};
use super::note::Note;
use super::sealed::unsealed;
use super::subscriber::group;

/// What is done with a message that says something of its own, and whether that was anything.
pub(crate) type Hear = Arc<dyn Fn(Delivery) -> BoxFuture<Result<bool, Fault>> + Send + Sync>;

/// A consumer of [sealed](super::Sealed) messages, in one life. Dropped, it stops.
pub(crate) struct Listener(Consumer);

impl Listener {
    pub(crate) fn new(
        remote: &Arc<Remote>,
        config: ConsumerConfig,
        stream: Stream,
        hear: Hear,
    ) -> Self {
        let broker = Arc::new(RemoteBroker(Arc::clone(remote)));
        let (host, remote) = (remote.life.host(), Arc::clone(remote));
        let handler = move |delivery: Delivery| {
            let (remote, hear) = (Arc::clone(&remote), Arc::clone(&hear));
            async move { hand(&remote, &hear, delivery).await }
        };
        let consumer = Consumer::start(config, host, stream, broker, handler);
        Self(consumer.expect("what a broker cannot do is refused with the plan"))
    }

    /// Takes nothing more, and ends what it has.
    pub(crate) async fn drain(self) {
        // One that has ended before has nothing to end.
        let _ = self.0.drain().await;
    }
}

/// Has a message heard. It stays in hand until that is over.
async fn hand(remote: &Remote, hear: &Hear, delivery: Delivery) -> Result<(), Fault> {
    let note = Note::read(delivery.message.bytes());
    let Some(note) = note else { return Err(Fault::poison("it is not of this simulation")) };
    let message = Arc::new(unsealed(&delivery.message));
    let has_acted = hear(Delivery { message, ..delivery.clone() }).await?;
    let source = &delivery.id.source;
    if let Some(of) = group(remote, &source.partition.topic, &source.group) {
        let seen = (remote.life.place().id(), remote.life.now());
        let mut witness = remote.hub.witness.borrow_mut();
        let is_known = !has_acted && witness.has_done(of, note.spot);
        witness.done(of, note.spot, is_known, seen);
    }
    Ok(())
}
