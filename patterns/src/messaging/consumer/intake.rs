use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use cascadia_runtime::Time;

use super::config::{AckWhen, ConsumerConfig, Order};
use super::counts::ConsumerCounts;
use super::job::{Job, Stage};
use super::kill_switch::KillSwitch;
use crate::messaging::{AckMode, Bytes, Delivery, DeliveryId, Partition, Settle};

/// What a consumer has been delivered and has not got rid of.
///
/// It is told what happens, and asked what to do ([`poll`](Self::poll)) and when
/// ([`next_deadline`](Self::next_deadline)). Each delivery is a job with a number of its own.
#[derive(Debug)]
pub struct Intake {
    pub(super) config: ConsumerConfig,
    pub(super) jobs: BTreeMap<u64, Job>,
    next: u64,
    ready: VecDeque<u64>,
    running: u32,
    /// Those that were acknowledged before they are handled.
    claimed: VecDeque<u64>,
    /// Those of a key, the first of which is on its way.
    lanes: BTreeMap<Bytes, VecDeque<u64>>,
    /// Those that rest, or ask the broker again, by when that is over.
    pub(super) rests: BTreeSet<(Time, u64)>,
    /// When each is to ask for more time. All ask after the same time, so they come in order.
    extensions: VecDeque<(Time, u64)>,
    /// Those handled and not acknowledged, and when they are to be.
    handled: Vec<u64>,
    acks_at: Time,
    pub(super) settles: VecDeque<(u64, Settle)>,
    pub(super) switch: Option<KillSwitch>,
    is_paused: bool,
    pub(super) counts: ConsumerCounts,
}

/// What a consumer has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Handle this.
    Handle(u64, Delivery),
    /// Settle these, and tell [`on_settled`](Intake::on_settled).
    Settle(Vec<u64>, Vec<DeliveryId>, Settle),
}

impl Intake {
    /// One that has nothing.
    pub fn new(config: ConsumerConfig) -> Self {
        Self {
            switch: config.kill_switch.map(KillSwitch::new),
            config,
            jobs: BTreeMap::new(),
            next: 0,
            ready: VecDeque::new(),
            running: 0,
            claimed: VecDeque::new(),
            lanes: BTreeMap::new(),
            rests: BTreeSet::new(),
            extensions: VecDeque::new(),
            handled: Vec::new(),
            acks_at: Time::MAX,
            settles: VecDeque::new(),
            is_paused: false,
            counts: ConsumerCounts::default(),
        }
    }

    /// A message came.
    pub fn on_delivery(&mut self, now: Time, delivery: Delivery) {
        self.counts.delivered += 1;
        self.counts.again += u64::from(delivery.attempt > 1);
        let number = self.next;
        self.next += 1;
        let is_ordered = self.config.order == Order::Key;
        let lane = delivery.message.key.clone().filter(|_| is_ordered);
        let job = Job {
            delivery,
            stage: Stage::Queued,
            lane: lane.clone(),
            tries: 0,
            asked: 0,
            is_doubtful: false,
            is_overtaken: false,
        };
        self.jobs.insert(number, job);
        if self.extends() {
            self.extensions.push_back((now + self.config.subscription.ack_wait / 3, number));
        }
        let is_first = lane.is_none_or(|key| {
            let lane = self.lanes.entry(key).or_default();
            lane.push_back(number);
            lane.len() == 1
        });
        if is_first {
            self.set_ready(number);
        }
    }

    fn settles_itself(&self) -> bool {
        self.config.subscription.ack == AckMode::Explicit
    }

    fn extends(&self) -> bool {
        self.config.extend && self.settles_itself()
    }

    /// It is its turn.
    pub(super) fn set_ready(&mut self, number: u64) {
        if let Some(job) = self.jobs.get_mut(&number) {
            job.stage = Stage::Ready;
            self.ready.push_back(number);
        }
    }

    /// It is gone, and the next of its key has its turn.
    pub(super) fn leave(&mut self, number: u64) {
        let Some(job) = self.jobs.remove(&number) else { return };
        let Some(key) = job.lane else { return };
        let Some(lane) = self.lanes.get_mut(&key) else { return };
        let was_first = lane.front() == Some(&number);
        lane.retain(|other| *other != number);
        match lane.front().copied() {
            None => drop(self.lanes.remove(&key)),
            Some(next) if was_first => self.set_ready(next),
            Some(_) => {}
        }
    }

    /// A handler has ended.
    pub(super) fn on_landed(&mut self) {
        self.running -= 1;
    }

    /// Something was handled, and is acknowledged together with others.
    pub(super) fn gather(&mut self, now: Time, number: u64, period: Duration) {
        if self.handled.is_empty() {
            self.acks_at = now + period;
        }
        self.handled.push(number);
    }

    /// Acknowledges what was handled, without waiting for more.
    pub fn acknowledge(&mut self) {
        self.acks_at = Time::MAX;
        for number in std::mem::take(&mut self.handled) {
            if let Some(job) = self.jobs.get_mut(&number) {
                job.stage = Stage::Settling(Settle::Ack);
                self.settles.push_back((number, Settle::Ack));
            }
        }
    }

    /// Begins nothing until it is resumed. What it has it keeps.
    pub fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Goes on.
    pub fn resume(&mut self) {
        self.is_paused = false;
    }

    /// Whether it wants to be delivered anything.
    pub fn is_open(&self, now: Time) -> bool {
        !self.is_paused && !self.switch.as_ref().is_some_and(|switch| switch.is_stopped(now))
    }

    /// Partitions are somebody else's now: what of them is not begun is left to that one.
    pub fn on_revoked(&mut self, partitions: &[Partition]) {
        self.acknowledge();
        self.leave_to_others(|job| partitions.contains(&job.delivery.id.source.partition));
    }

    /// The feed is gone, and all that it has delivered will be delivered again.
    pub fn on_lost(&mut self) {
        self.leave_to_others(|_| true);
    }

    fn leave_to_others(&mut self, which: impl Fn(&Job) -> bool) {
        if !self.settles_itself() {
            // What a delivery has acknowledged nobody else will have.
            return;
        }
        let gone: Vec<_> =
            self.jobs.iter().filter(|(_, job)| which(job)).map(|(number, _)| *number).collect();
        for number in gone {
            let Some(job) = self.jobs.get_mut(&number) else { continue };
            job.is_overtaken = true;
            if matches!(job.stage, Stage::Queued | Stage::Ready | Stage::Resting) {
                self.counts.returned += 1;
                self.leave(number);
            }
        }
    }

    /// Gives back all that is not settled; what is being handled is to be stopped.
    pub fn give_back(&mut self) {
        self.acknowledge();
        self.lanes.clear();
        let all: Vec<_> = self.jobs.keys().copied().collect();
        for number in all {
            let is_lost = !self.settles_itself() || self.is_claimed(number);
            let Some(job) = self.jobs.get_mut(&number) else { continue };
            if is_lost {
                self.counts.lost += 1;
                self.leave(number);
            } else if !matches!(job.stage, Stage::Settling(_)) {
                self.counts.returned += 1;
                job.stage = Stage::Settling(Settle::Requeue);
                self.settles.push_back((number, Settle::Requeue));
            }
        }
        self.running = 0;
        self.claimed.clear();
    }

    /// Whether it was acknowledged before it is handled, or may have been.
    fn is_claimed(&self, number: u64) -> bool {
        let stage = self.jobs.get(&number).map(|job| &job.stage);
        let is_begun = matches!(stage, Some(Stage::Claiming | Stage::Running));
        self.config.ack == AckWhen::Before && is_begun
    }

    /// Whether it has nothing.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The next thing to do.
    pub fn poll(&mut self, now: Time) -> Option<Action> {
        self.wake(now);
        if self.acks_at <= now {
            self.acknowledge();
        }
        self.settle().or_else(|| self.extend(now)).or_else(|| self.handle(now))
    }

    fn wake(&mut self, now: Time) {
        while let Some((at, number)) = self.rests.first().copied().filter(|(at, _)| *at <= now) {
            self.rests.remove(&(at, number));
            let stage = self.jobs.get(&number).map(|job| job.stage.clone());
            match stage {
                Some(Stage::Resting) => self.set_ready(number),
                Some(Stage::Settling(settle)) => self.settles.push_back((number, settle)),
                Some(Stage::Claiming) => self.settles.push_back((number, Settle::Ack)),
                _ => {}
            }
        }
    }

    fn settle(&mut self) -> Option<Action> {
        let (_, settle) = self.settles.front()?.clone();
        let (mut numbers, mut ids) = (Vec::new(), Vec::new());
        while let Some((number, _)) = self.settles.front().filter(|(_, other)| *other == settle) {
            if let Some(job) = self.jobs.get(number) {
                numbers.push(*number);
                ids.push(job.delivery.id.clone());
            }
            self.settles.pop_front();
        }
        if ids.is_empty() { self.settle() } else { Some(Action::Settle(numbers, ids, settle)) }
    }

    /// Asks for more time for all that needs it by now.
    fn extend(&mut self, now: Time) -> Option<Action> {
        let (mut numbers, mut ids) = (Vec::new(), Vec::new());
        while let Some((_, number)) = self.extensions.front().copied().filter(|it| it.0 <= now) {
            self.extensions.pop_front();
            let Some(job) = self.jobs.get(&number).filter(|job| job.stage.takes_time()) else {
                continue;
            };
            numbers.push(number);
            ids.push(job.delivery.id.clone());
            self.extensions.push_back((now + self.config.subscription.ack_wait / 3, number));
        }
        (!ids.is_empty()).then_some(Action::Settle(numbers, ids, Settle::Working))
    }

    fn handle(&mut self, now: Time) -> Option<Action> {
        if let Some(number) = self.claimed.pop_front() {
            let job = self.jobs.get_mut(&number)?;
            job.tries += 1;
            return Some(Action::Handle(number, job.delivery.clone()));
        }
        let claims = self.settles_itself() && self.config.ack == AckWhen::Before;
        while self.running < self.config.concurrency && self.is_open(now) {
            let number = self.ready.pop_front()?;
            let Some(job) = self.jobs.get_mut(&number).filter(|job| job.stage == Stage::Ready)
            else {
                continue;
            };
            self.running += 1;
            if claims {
                // Only what is handled next: all else would be lost with the process.
                job.stage = Stage::Claiming;
                self.settles.push_back((number, Settle::Ack));
                return self.settle();
            }
            job.stage = Stage::Running;
            job.tries += 1;
            return Some(Action::Handle(number, job.delivery.clone()));
        }
        None
    }

    /// It is acknowledged, and nobody else will have it.
    pub(super) fn on_claimed(&mut self, number: u64) {
        if let Some(job) = self.jobs.get_mut(&number) {
            job.stage = Stage::Running;
            self.claimed.push_back(number);
        }
    }

    /// When there is something to do, if nothing happens before.
    pub fn next_deadline(&self, now: Time) -> Time {
        let rests = self.rests.first().map_or(Time::MAX, |(at, _)| *at);
        let extensions = self.extensions.front().map_or(Time::MAX, |(at, _)| *at);
        let switch = self.switch.as_ref().filter(|switch| switch.is_stopped(now));
        let switch = switch.map_or(Time::MAX, KillSwitch::until);
        rests.min(extensions).min(self.acks_at).min(switch)
    }

    /// What it has done.
    pub fn counts(&self) -> ConsumerCounts {
        self.counts
    }
}
