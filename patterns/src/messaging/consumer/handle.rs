use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream};
use tokio::sync::{mpsc, watch};

use super::config::ConsumerConfig;
use super::counts::ConsumerCounts;
use super::driver::Driver;
use super::handler::Handler;
use super::intake::Intake;
use super::note::Note;
use crate::messaging::{Broker, BrokerError};
use crate::sync::lock;

/// Handles what is delivered, until it is drained or dropped.
///
/// Dropped, it stops where it stands: what it has not settled is delivered again.
#[derive(Debug)]
pub struct Consumer {
    notes: mpsc::UnboundedSender<Note>,
    counts: Arc<Mutex<ConsumerCounts>>,
    connected: watch::Receiver<bool>,
    ended: watch::Receiver<Option<Result<(), BrokerError>>>,
}

impl Consumer {
    /// One that has a handler do what a broker delivers. It subscribes by itself, and again when it has lost its feed.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](BrokerError::Unsupported) where the broker cannot do what the configuration asks for;
    /// [`Invalid`](BrokerError::Invalid).
    pub fn start<R: Runtime>(
        config: ConsumerConfig,
        world: R,
        stream: Stream,
        broker: Arc<dyn Broker>,
        handler: impl Handler,
    ) -> Result<Self, BrokerError> {
        config.check()?;
        broker.can().allow(config.needs())?;
        let (notes, inbox) = mpsc::unbounded_channel();
        let counts = Arc::<Mutex<ConsumerCounts>>::default();
        let (tell, ended) = watch::channel(None);
        let shared = (notes.clone(), inbox);
        let (place, rest) = ((world.clone(), stream), world.clone());
        let (tell_connected, connected) = watch::channel(false);
        let shown = (Arc::clone(&counts), tell_connected);
        let (intake, handler) = (Intake::new(config), Arc::new(handler));
        let driver = Driver::new(place, broker, handler, intake, shared, shown);
        let run = async move {
            let (ended, settles) = driver.run().await;
            // Nobody has to wait for it.
            let _ = tell.send(Some(ended));
            // What is being said is said to its end.
            settles.finish(&rest).await;
        };
        drop(world.spawn(run));
        Ok(Self { notes, counts, connected, ended })
    }

    /// Waits until it has subscribed: what is published from then on it is delivered, wherever it
    /// [starts](crate::messaging::Subscription::start).
    ///
    /// # Errors
    ///
    /// Why it ended before.
    pub async fn connected(&mut self) -> Result<(), BrokerError> {
        let is_connected = self.connected.wait_for(|is_connected| *is_connected).await.is_ok();
        if is_connected { Ok(()) } else { self.ended().await }
    }

    /// Begins nothing more and is delivered nothing more, until it is resumed. It stays a member of its group and keeps
    /// what it has.
    pub fn pause(&self) {
        self.tell(Note::Pause);
    }

    /// Goes on.
    pub fn resume(&self) {
        self.tell(Note::Resume);
    }

    fn tell(&self, note: Note) {
        // One that has ended needs no orders.
        let _ = self.notes.send(note);
    }

    /// Is delivered nothing more, handles what it has, and ends. What is not handled when the
    /// [time for that](ConsumerConfig::drain) is over is stopped and given back.
    ///
    /// # Errors
    ///
    /// Why it ended before.
    pub async fn drain(mut self) -> Result<ConsumerCounts, BrokerError> {
        self.tell(Note::Drain);
        self.ended().await?;
        Ok(self.counts())
    }

    /// Waits until it ends by itself: when it is fenced, for instance.
    ///
    /// # Errors
    ///
    /// Why it has.
    pub async fn ended(&mut self) -> Result<(), BrokerError> {
        match self.ended.wait_for(Option::is_some).await {
            Ok(ended) => ended.clone().unwrap_or(Ok(())),
            Err(_) => Err(BrokerError::Closed),
        }
    }

    /// What it has done so far.
    pub fn counts(&self) -> ConsumerCounts {
        *lock(&self.counts)
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.tell(Note::Stop);
    }
}
