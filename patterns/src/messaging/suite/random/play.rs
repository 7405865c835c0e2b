use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use cascadia_runtime::Wall;

use super::outcome::Outcome;
use super::setting::Setting;
use super::step::Step;
use crate::messaging::capabilities::Capability;
use crate::messaging::delivery::Delivery;
use crate::messaging::feed::{Fed, Feed};
use crate::messaging::ids::Topic;
use crate::messaging::message::Message;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::subscription::Subscription;
use crate::messaging::suite::stage::Stage;
use crate::messaging::suite::trouble::Trouble;

/// The header with the number of a message.
const NUMBER: &str = "number";
/// How long what is refused rests.
const REST: Duration = Duration::from_secs(1);
/// For how long who is slow takes nothing: longer than clients wait for that before they do something about it.
const SLOW: Duration = Duration::from_millis(700);
/// How long something lives that is worth something for a while only: longer than a slow machine takes for what comes
/// before that is to be over.
const LIFE: Duration = Duration::from_secs(5);
/// How long those who are there are waited for when their partitions are given anew.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much longer than it has to take something is waited for.
const SLACK: Duration = Duration::from_millis(500);

/// How long what a step leads to is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Until {
    /// Nothing has come for so long.
    Quiet(Duration),
    /// So much has come, or so long has passed.
    Come(usize, Duration),
}

/// A history on its way.
pub(super) struct Play {
    pub(super) stage: Stage,
    pub(super) setting: Setting,
    topic: Topic,
    dead: Option<Topic>,
    pub(super) members: Vec<Option<Box<dyn Feed>>>,
    morgue: Option<Box<dyn Feed>>,
    /// What is in flight, and with whom.
    pub(super) held: BTreeMap<u32, (usize, Delivery)>,
    pub(super) acked: Option<Delivery>,
    pub(super) seen: BTreeSet<u32>,
    /// Whose attempts do not count any more.
    loose: BTreeSet<u32>,
    /// How many messages were published.
    pub(super) published: u32,
    /// When all that was published for a while only is worthless, where that is not so yet.
    pub(super) perishes: Option<Wall>,
    /// Those who have to be told yet which partitions they have.
    waiting: BTreeSet<usize>,
}

impl Play {
    pub(super) async fn begin(stage: Stage, setting: Setting) -> Self {
        let topic = stage.topic("log").await;
        let mut dead = None;
        if setting.buries {
            dead = Some(stage.topic("dead").await);
        }
        let members = (0..setting.members).map(|_| None).collect();
        let mut play = Self {
            stage,
            setting,
            topic,
            dead,
            members,
            morgue: None,
            held: BTreeMap::new(),
            acked: None,
            seen: BTreeSet::new(),
            loose: BTreeSet::new(),
            published: 0,
            perishes: None,
            waiting: BTreeSet::new(),
        };
        play.watch().await;
        play
    }

    async fn watch(&mut self) {
        if let Some(dead) = &self.dead {
            let own = self.stage.subscription(dead, "ops");
            self.morgue = Some(self.stage.subscribe(own).await);
        }
    }

    pub(super) fn has(&self, capability: Capability) -> bool {
        self.stage.has(capability)
    }

    /// Does something, and waits for what comes of it.
    pub(super) async fn perform(&mut self, step: &Step, until: Until) -> Result<Outcome, String> {
        let told = self.act(step).await;
        let mut outcome = Outcome { told, ..Outcome::default() };
        if let Some(time) = self.takes(step) {
            self.pass(time, &mut outcome).await?;
        }
        while !self.waiting.is_empty() {
            let told = self.next(&outcome, Until::Quiet(PATIENCE)).await;
            let fed = told.ok_or_else(|| format!("{:?} have no partitions", self.waiting))?;
            self.note(fed, &mut outcome).await?;
        }
        while let Some(fed) = self.next(&outcome, until).await {
            self.note(fed, &mut outcome).await?;
        }
        Ok(outcome)
    }

    fn takes(&self, step: &Step) -> Option<Duration> {
        match step {
            Step::Rest(_) => Some(REST + SLACK),
            Step::Expire => Some(self.setting.ack_wait + SLACK),
            Step::Perish => Some(LIFE + SLACK),
            Step::Leave(_) => self.stage.leaving(),
            _ => None,
        }
    }

    /// Takes what comes meanwhile, as what waits to be taken may hold up what comes behind it.
    async fn pass(&mut self, time: Duration, outcome: &mut Outcome) -> Result<(), String> {
        let mut over = self.stage.sleeping(time);
        loop {
            let (members, morgue) = (&mut self.members, &mut self.morgue);
            let fed = poll_fn(|context| match poll(members, morgue, context) {
                Some(fed) => Poll::Ready(Some(fed)),
                None => over.as_mut().poll(context).map(|()| None),
            });
            let Some(fed) = fed.await else { return Ok(()) };
            self.note(fed, outcome).await?;
        }
    }

    async fn act(&mut self, step: &Step) -> Option<String> {
        match step {
            Step::Publish { first, count, known_by, perishes, is_slow } => {
                if *perishes {
                    self.perishes = Some(self.stage.after(LIFE));
                }
                let expires = self.perishes.filter(|_| *perishes);
                let told = self.publish(*first..first + count, *known_by, expires).await;
                if *is_slow {
                    self.stage.sleep(SLOW).await;
                }
                return Some(told);
            }
            Step::Ack(number) => return self.ack(*number).await,
            Step::AckAgain => {
                let settled = self.stage.settle(self.acked.as_ref()?, self.stage.done()?).await;
                return Some(format!("done: {}", settled.is_done()));
            }
            Step::Requeue(number) => return self.settle(*number, Settle::Requeue).await,
            Step::Rest(number) => return self.settle(*number, Settle::RequeueAfter(REST)).await,
            Step::Dead(number) => return self.settle(*number, Settle::Dead("bad".into())).await,
            Step::Working(number) => {
                let (_, delivery) = self.held.get(number)?;
                return Some(format!("{:?}", self.stage.settle(delivery, Settle::Working).await));
            }
            Step::Join => {
                let member = self.members.iter().position(Option::is_none)?;
                self.join(member).await;
                self.regroup();
            }
            Step::Leave(number) => {
                let holder = number.and_then(|it| self.held.get(&it)).map(|(holder, _)| *holder);
                let here = || self.members.iter().position(Option::is_some);
                let gone = holder.or_else(here)?;
                self.members[gone] = None;
                self.held.retain(|_, (holder, _)| *holder != gone);
                self.regroup();
            }
            Step::Expire => self.held.clear(),
            Step::Perish => self.perishes = None,
            Step::Trouble(trouble) => self.suffer(*trouble).await,
        }
        None
    }

    /// Publishes messages of which every third says the same, and every other one has an id.
    async fn publish(
        &mut self,
        numbers: std::ops::Range<u32>,
        known_by: Option<u32>,
        expires: Option<Wall>,
    ) -> String {
        let message = |number: u32| {
            let id = known_by.or_else(|| number.is_multiple_of(2).then_some(number));
            let message = Message { expires, ..Message::new(format!("m{}", number % 3)) };
            let message = message.header(NUMBER, number.to_string());
            match id {
                Some(id) => message.id(format!("id-{id}")),
                None => message,
            }
        };
        self.published = numbers.end;
        let receipt = self.stage.send(self.topic.clone(), numbers.map(message).collect()).await;
        format!("{} added, {} known", receipt.added, receipt.duplicates)
    }

    async fn settle(&mut self, number: u32, settle: Settle) -> Option<String> {
        let (_, delivery) = self.held.remove(&number)?;
        Some(format!("{:?}", self.stage.settle(&delivery, settle).await))
    }

    async fn ack(&mut self, number: u32) -> Option<String> {
        let (_, delivery) = self.held.get(&number)?.clone();
        let done = self.stage.done()?;
        match done {
            Settle::AckThrough => self.held.retain(|other, _| *other > number),
            _ => drop(self.held.remove(&number)),
        }
        let settled: Settled = self.stage.settle(&delivery, done).await;
        self.acked = Some(delivery);
        Some(format!("{settled:?}"))
    }

    async fn join(&mut self, member: usize) {
        let own = self.stage.subscription(&self.topic, "shop");
        let own = Subscription {
            prefetch: self.setting.prefetch,
            attempts: self.setting.attempts,
            ack_wait: self.setting.ack_wait,
            dead_letter: self.dead.clone(),
            ..own
        };
        self.members[member] = Some(self.stage.subscribe(own).await);
    }

    /// Where a group shares partitions, all who are there are told anew what they have.
    fn regroup(&mut self) {
        if self.has(Capability::Partitions) {
            let members = self.members.iter().zip(0..);
            self.waiting = members.filter_map(|(feed, at)| feed.is_some().then_some(at)).collect();
        }
    }

    /// Whoever was there comes again, and so does what they had.
    async fn suffer(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::None => return,
            Trouble::Cut | Trouble::Pause => {
                if self.stage.trouble(trouble).await {
                    self.end().await;
                }
            }
            Trouble::Kill => self.stage.restart().await,
        }
        if trouble == Trouble::Pause {
            return;
        }
        self.loose.extend(self.held.keys());
        self.held.clear();
        self.acked = None;
        for member in 0..self.members.len() {
            if self.members[member].take().is_some() {
                self.join(member).await;
            }
        }
        self.morgue = None;
        self.watch().await;
    }

    /// Waits until all feeds have ended: who dials again before it knows is lost sight of once more.
    async fn end(&mut self) {
        for at in 0..=self.members.len() {
            let feed = self.members.get_mut(at).unwrap_or(&mut self.morgue);
            let Some(feed) = feed else { continue };
            self.stage.within(async { while let Some(Ok(_)) = feed.next().await {} }).await;
        }
    }

    /// The next that comes, and to whom; to nobody, if it is a dead letter.
    async fn next(&mut self, so_far: &Outcome, until: Until) -> Option<(Option<usize>, Told)> {
        let at_most = match until {
            Until::Quiet(time) => time,
            Until::Come(count, time) if so_far.size() < count => time,
            Until::Come(..) => return None,
        };
        let (members, morgue) = (&mut self.members, &mut self.morgue);
        let any = poll_fn(|context| match poll(members, morgue, context) {
            Some(fed) => Poll::Ready(fed),
            None => Poll::Pending,
        });
        self.stage.timeout(at_most, any).await
    }

    async fn note(
        &mut self,
        (whose, told): (Option<usize>, Told),
        outcome: &mut Outcome,
    ) -> Result<(), String> {
        let delivery = match told {
            Some(Ok(Fed::Delivery(delivery))) => delivery,
            Some(Ok(Fed::Revoked(_))) => {
                self.held.retain(|_, (holder, _)| Some(*holder) != whose);
                return Ok(());
            }
            Some(Ok(Fed::Assigned(..))) => {
                whose.map(|member| self.waiting.remove(&member));
                return Ok(());
            }
            Some(Ok(_)) => return Ok(()),
            other => return Err(format!("{whose:?} is told {other:?}")),
        };
        let number = delivery.message.headers.text(NUMBER).and_then(|text| text.parse().ok());
        let number = number.ok_or_else(|| format!("{:?} has no number", delivery.message))?;
        let Some(member) = whose else {
            let done = self.stage.done().unwrap_or(Settle::Ack);
            self.stage.settle(&delivery, done).await;
            outcome.letters.push(number);
            return Ok(());
        };
        let counts = self.has(Capability::Attempts) && !self.loose.contains(&number);
        outcome.delivered.push((number, counts.then_some(delivery.attempt)));
        self.held.insert(number, (member, delivery));
        Ok(())
    }
}

type Told = Option<Result<Fed, crate::messaging::error::BrokerError>>;

fn poll(
    members: &mut [Option<Box<dyn Feed>>],
    morgue: &mut Option<Box<dyn Feed>>,
    context: &mut Context<'_>,
) -> Option<(Option<usize>, Told)> {
    let feeds = members.iter_mut().enumerate().map(|(member, feed)| (Some(member), feed));
    for (whose, feed) in feeds.chain([(None, morgue)]) {
        let Some(feed) = feed else { continue };
        if let Poll::Ready(told) = feed.poll_next(context) {
            return Some((whose, told));
        }
    }
    None
}
