use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use cascadia_runtime::{Runtime, Stream, Task, Time};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use super::counts::ConsumerCounts;
use super::handler::Handler;
use super::intake::{Action, Intake};
use super::link::Link;
use super::note::{Landing, Note};
use crate::awaited::Awaited;
use crate::in_order::InOrder;
use crate::messaging::{Broker, BrokerError, DeliveryId, Fed, Settle, Settled};
use crate::sync::{Alarm, lock};

enum Event {
    Told(Note),
    Settled(About, Answer),
    Fed(Option<Result<Fed, BrokerError>>),
    Time,
}

/// The jobs that the broker is asked to settle, and how.
type About = (Vec<u64>, Settle);

/// What it says to that.
type Answer = Result<Vec<Settled>, BrokerError>;

pub(super) type Settles = Awaited<About, Answer>;

/// Runs a consumer: one task, with one more for each message that is handled.
pub(super) struct Driver<R: Runtime> {
    pub(super) world: R,
    pub(super) broker: Arc<dyn Broker>,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) intake: Intake,
    pub(super) stream: Stream,
    pub(super) notes: UnboundedReceiver<Note>,
    pub(super) own: UnboundedSender<Note>,
    pub(super) shown: Arc<Mutex<ConsumerCounts>>,
    /// Whether there is a feed.
    pub(super) connected: watch::Sender<bool>,
    pub(super) link: Link,
    /// How often in a row the broker was asked for a feed in vain.
    pub(super) tries: u32,
    tasks: InOrder<u64, R::Task>,
    /// What the broker is asked to settle.
    settles: Settles,
    /// When it is woken if nothing happens before.
    alarm: Alarm<R>,
    pub(super) credit: u32,
    /// Until when it may take to drain.
    pub(super) drains: Option<Time>,
}

impl<R: Runtime> Driver<R> {
    pub(super) fn new(
        (world, stream): (R, Stream),
        broker: Arc<dyn Broker>,
        handler: Arc<dyn Handler>,
        intake: Intake,
        (own, notes): (UnboundedSender<Note>, UnboundedReceiver<Note>),
        (shown, connected): (Arc<Mutex<ConsumerCounts>>, watch::Sender<bool>),
    ) -> Self {
        let credit = intake.config.subscription.prefetch;
        let (link, tasks) = (Link::Down(Time::ZERO), InOrder::default());
        Self {
            world,
            broker,
            handler,
            intake,
            stream,
            notes,
            own,
            shown,
            connected,
            link,
            tries: 0,
            tasks,
            settles: Awaited::default(),
            alarm: Alarm::default(),
            credit,
            drains: None,
        }
    }

    /// Runs until it is drained or stopped, or nothing can be had any more. What the broker is still asked to settle then is
    /// handed out.
    pub(super) async fn run(mut self) -> (Result<(), BrokerError>, Settles) {
        let ended = self.go_on().await;
        (ended, self.settles)
    }

    async fn go_on(&mut self) -> Result<(), BrokerError> {
        loop {
            let next = self.work();
            *lock(&self.shown) = self.intake.counts();
            if matches!(self.link, Link::Over) && self.intake.is_empty() {
                return Ok(());
            }
            match self.wait(next).await {
                Event::Told(Note::Stop) => {
                    self.abort();
                    return Ok(());
                }
                Event::Told(note) => self.told(note)?,
                Event::Settled((numbers, settle), answer) => {
                    self.settled(&numbers, &settle, answer);
                }
                Event::Fed(fed) => self.fed(fed)?,
                Event::Time => {}
            }
        }
    }

    async fn wait(&mut self, next: Time) -> Event {
        let Self { notes, settles, link, alarm, world, .. } = self;
        let event = poll_fn(|context| poll_event(notes, settles, link, context));
        alarm.before(world, next, event).await.unwrap_or(Event::Time)
    }

    /// Does what is to be done now, and says when there is more.
    fn work(&mut self) -> Time {
        let now = self.world.now();
        if self.drains.is_some_and(|until| until <= now) {
            self.drains = Some(Time::MAX);
            self.abort();
            self.intake.give_back();
        }
        while let Some((numbers, settle)) = self.settles.overdue(now) {
            let nothing = BrokerError::Unknown("no answer in time".into());
            self.settled(&numbers, &settle, Err(nothing));
        }
        self.connect(now);
        while let Some(action) = self.intake.poll(now) {
            match action {
                Action::Handle(number, delivery) => {
                    let landing = Landing::new(number, self.own.clone());
                    let handled = self.handler.handle(delivery);
                    let task = async move { landing.land(handled.await) };
                    self.tasks.insert(number, self.world.spawn(task));
                }
                Action::Settle(numbers, ids, settle) => self.settle(numbers, &ids, settle),
            }
        }
        self.tell_handled();
        self.set_credit(now);
        let link = if let Link::Down(at) = self.link { at } else { Time::MAX };
        let own = self.intake.next_deadline(now).min(self.settles.next_deadline());
        own.min(link).min(self.drains.unwrap_or(Time::MAX))
    }

    fn settle(&mut self, numbers: Vec<u64>, ids: &[DeliveryId], settle: Settle) {
        let until = self.world.now() + self.intake.config.subscription.ack_wait;
        let answer = self.broker.settle(ids, settle.clone());
        self.settles.ask(until, (numbers, settle), answer);
    }

    fn settled(&mut self, numbers: &[u64], settle: &Settle, answer: Answer) {
        let now = self.world.now();
        self.intake.on_settled(now, numbers, settle, answer, &mut self.stream);
    }

    fn tell_handled(&mut self) {
        let Link::Open(feed) = &mut self.link else { return };
        while let Some(id) = self.intake.next_handled() {
            feed.handled(id);
        }
    }

    fn set_credit(&mut self, now: Time) {
        // What only waits to be acknowledged takes no room.
        let most = self.intake.config.subscription.prefetch.saturating_add(self.intake.gathered());
        let credit = if self.intake.is_open(now) { most } else { 0 };
        if let Link::Open(feed) = &mut self.link
            && credit != self.credit
        {
            self.credit = credit;
            feed.credit(credit);
        }
    }

    fn told(&mut self, note: Note) -> Result<(), BrokerError> {
        let now = self.world.now();
        match note {
            Note::Handled(number, ended) => {
                self.tasks.remove(number);
                self.intake.on_handled(now, number, ended);
            }
            Note::Subscribed(Ok(feed)) => self.open(feed),
            Note::Subscribed(Err(error)) => self.lose(now, error)?,
            Note::Pause => self.intake.pause(),
            Note::Resume => self.intake.resume(),
            Note::Drain => self.drain(now),
            Note::Stop => {}
        }
        Ok(())
    }

    fn drain(&mut self, now: Time) {
        self.drains.get_or_insert(now + self.intake.config.drain);
        // What is handled need not wait for company, and what was kept back is done yet.
        self.intake.resume();
        self.intake.acknowledge();
        if let Link::Open(feed) = &mut self.link {
            feed.drain();
        }
    }

    fn fed(&mut self, fed: Option<Result<Fed, BrokerError>>) -> Result<(), BrokerError> {
        let now = self.world.now();
        match fed {
            Some(Ok(Fed::Delivery(delivery))) => self.intake.on_delivery(now, delivery),
            Some(Ok(Fed::Assigned(generation, all))) => self.handler.assigned(generation, &all),
            Some(Ok(Fed::Revoked(partitions))) => {
                self.intake.on_revoked(&partitions);
                self.handler.revoked(&partitions);
            }
            Some(Ok(Fed::Gap(partition, from, to))) => {
                self.intake.counts.skipped += to.0.saturating_sub(from.0);
                self.handler.skipped(&partition, from, to);
            }
            Some(Err(error)) => self.lose(now, error)?,
            None if self.drains.is_some() => self.link = Link::Over,
            None => self.lose(now, BrokerError::Closed)?,
        }
        Ok(())
    }

    pub(super) fn abort(&mut self) {
        std::mem::take(&mut self.tasks).into_values().for_each(|task| task.abort());
    }
}

fn poll_event(
    notes: &mut UnboundedReceiver<Note>,
    settles: &mut Settles,
    link: &mut Link,
    context: &mut Context<'_>,
) -> Poll<Event> {
    if let Poll::Ready(Some(note)) = notes.poll_recv(context) {
        return Poll::Ready(Event::Told(note));
    }
    if let Poll::Ready((about, answer)) = settles.poll(context) {
        return Poll::Ready(Event::Settled(about, answer));
    }
    match link {
        Link::Open(feed) => feed.poll_next(context).map(Event::Fed),
        _ => Poll::Pending,
    }
}
