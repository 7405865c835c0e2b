use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};
use tokio::sync::{Notify, oneshot};

use super::accumulator::Accumulator;
use super::config::{ProducerConfig, WhenFull};
use super::fate::{Fate, NoRoom, Why};
use super::sticky::Sticky;
use crate::messaging::{Broker, BrokerError, Message, Partition, Topic};
use crate::sync::{Bell, before, lock};

/// Whoever waits for the end of a message; nobody does for one that is posted.
pub(super) type Waiter = Option<oneshot::Sender<Fate>>;

/// What is to be published, and for whom.
type Offer = (Topic, Message, Waiter);

/// What the handles of a producer and its driver have in common.
pub(super) struct Shared<R> {
    pub(super) world: R,
    pub(super) broker: Arc<dyn Broker>,
    pub(super) config: ProducerConfig,
    pub(super) state: Mutex<State>,
    /// Wakes the driver.
    pub(super) wake: Bell,
    /// Tells that messages have ended, and the driver.
    pub(super) ended: Notify,
}

pub(super) struct State {
    pub(super) core: Accumulator<Waiter>,
    pub(super) stream: Stream,
    sticky: Sticky,
    /// How many partitions there are, and until when that is believed.
    topics: BTreeMap<Topic, (u32, Time)>,
    pub(super) is_closed: bool,
    pub(super) is_driven: bool,
}

impl<R> fmt::Debug for Shared<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = lock(&self.state).core.counts();
        let mut shown = f.debug_struct("Producer");
        shown.field("config", &self.config).field("counts", &counts).finish_non_exhaustive()
    }
}

impl<R: Runtime> Shared<R> {
    pub(super) fn new(
        config: ProducerConfig,
        world: R,
        stream: Stream,
        broker: Arc<dyn Broker>,
    ) -> Self {
        let state = State {
            core: Accumulator::new(config.clone()),
            stream,
            sticky: Sticky::default(),
            topics: BTreeMap::new(),
            is_closed: false,
            is_driven: true,
        };
        let (wake, ended) = (Bell::default(), Notify::new());
        Self { world, broker, config, state: Mutex::new(state), wake, ended }
    }

    /// Does something with the core, and tells those who wait for messages that ended.
    pub(super) fn with<O>(&self, work: impl FnOnce(&mut State, Time) -> O) -> O {
        let now = self.world.now();
        let (output, mut end) = {
            let mut state = lock(&self.state);
            (work(&mut state, now), state.core.poll_end())
        };
        if end.is_some() {
            self.ended.notify_waiters();
        }
        while let Some((waiter, fate)) = end {
            // Whoever does not wait any more does not want to know.
            let _ = waiter.map(|waiter| waiter.send(fate));
            end = lock(&self.state).core.poll_end();
        }
        output
    }

    /// How many partitions a topic has.
    async fn partitions(&self, topic: &Topic) -> Result<u32, BrokerError> {
        let known = lock(&self.state).topics.get(topic).copied();
        if let Some((partitions, until)) = known
            && until > self.world.now()
        {
            return Ok(partitions);
        }
        let until = self.world.now() + self.config.request_timeout;
        let asked = before(&self.world, until, self.broker.partitions(topic.clone())).await;
        let nothing = || Err(BrokerError::Unavailable("no answer in time".into()));
        match asked.unwrap_or_else(nothing) {
            Ok(partitions) => {
                let until = self.world.now() + self.config.metadata_age;
                lock(&self.state).topics.insert(topic.clone(), (partitions, until));
                Ok(partitions)
            }
            // What was true a while ago is better than nothing.
            Err(error) => match known.filter(|_| error.is_passing()) {
                Some((partitions, _)) => Ok(partitions),
                None => Err(error),
            },
        }
    }

    /// Takes a message, or ends it at once. It waits where there is no room, or nobody knows how many
    /// partitions there are.
    pub(super) fn take(
        &self,
        topic: Topic,
        message: Message,
        waiter: Waiter,
    ) -> impl Future<Output = ()> + Send {
        let known = lock(&self.state).topics.get(&topic).copied();
        let known = known.filter(|(_, until)| *until > self.world.now());
        let mut offer = Some((topic, message, waiter));
        if let Some((partitions, _)) = known {
            self.offer(partitions, &mut offer);
        }
        // Most are taken by now, and those who wait are few: so only they take their room.
        let waits = offer.map(|offer| Box::pin(self.take_later(offer)));
        async {
            match waits {
                Some(waits) => waits.await,
                None => self.wake.ring(),
            }
        }
    }

    async fn take_later(&self, (topic, message, waiter): Offer) {
        match self.partitions(&topic).await {
            Ok(partitions) => self.take_one_of(partitions, (topic, message, waiter)).await,
            Err(error) => self.refuse(waiter, Fate::Failed(Why::Broker(error))),
        }
    }

    /// Takes what is offered, if there is room; whoever is closed refuses it.
    fn offer(&self, partitions: u32, offer: &mut Option<Offer>) -> bool {
        self.with(|state, now| {
            let size = offer.as_ref().map_or(0, |(_, message, _)| message.size());
            if !state.is_closed && !state.core.has_room(size) {
                return false;
            }
            let (topic, message, waiter) = offer.take().expect("it is offered once");
            match state.is_closed {
                true => state.core.refuse(waiter, Fate::Failed(Why::Closed)),
                false => state.offer(now, &self.config, (topic, partitions), message, waiter),
            }
            true
        })
    }

    async fn take_one_of(&self, partitions: u32, offer: Offer) {
        let until = match self.config.when_full {
            WhenFull::Block(most) => self.world.now() + most,
            WhenFull::Drop | WhenFull::Error => Time::ZERO,
        };
        let mut offer = Some(offer);
        let mut is_over = self.offer(partitions, &mut offer);
        while !is_over {
            let mut ended = std::pin::pin!(self.ended.notified());
            // From here on nothing that ends is missed.
            ended.as_mut().enable();
            is_over = self.offer(partitions, &mut offer)
                || before(&self.world, until, ended).await.is_none();
        }
        match offer {
            None => self.wake.ring(),
            Some((_, _, waiter)) => self.refuse(waiter, self.no_room()),
        }
    }

    const fn no_room(&self) -> Fate {
        match self.config.when_full {
            WhenFull::Drop => Fate::Dropped(NoRoom::Buffer),
            WhenFull::Block(_) | WhenFull::Error => Fate::Failed(Why::BufferFull),
        }
    }

    fn refuse(&self, waiter: Waiter, fate: Fate) {
        self.with(|state, _| state.core.refuse(waiter, fate));
    }

    /// Waits until all that was taken so far has ended.
    pub(super) async fn flush(&self) {
        let flush = self.with(|state, _| state.core.flush());
        self.wake.ring();
        self.wait(|state| state.core.has_ended(flush) || !state.is_driven).await;
    }

    pub(super) async fn wait(&self, holds: impl Fn(&State) -> bool) {
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            ended.as_mut().enable();
            if holds(&lock(&self.state)) {
                return;
            }
            ended.await;
        }
    }

    pub(super) fn close(&self) {
        self.with(|state, _| {
            state.is_closed = true;
            state.core.flush();
        });
        self.wake.ring();
    }
}

impl State {
    /// When there is something to do, if nothing happens before; nothing once it is closed and everything has ended.
    pub(super) fn next(&self) -> Option<Time> {
        let is_done = self.is_closed && self.core.has_ended(u64::MAX);
        (!is_done).then(|| self.core.next_deadline())
    }

    fn offer(
        &mut self,
        now: Time,
        config: &ProducerConfig,
        (topic, partitions): (Topic, u32),
        message: Message,
        waiter: Waiter,
    ) {
        let what = (message.key.as_ref(), message.size());
        let Self { sticky, stream, .. } = self;
        let number = sticky.choose(&topic, partitions, what, config.batch_bytes, stream);
        self.core.offer(now, Partition { topic, number }, Arc::new(message), waiter);
    }
}
