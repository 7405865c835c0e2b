use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use cascadia_runtime::Time;

use super::config::{ConsumerConfig, Order};
use super::counts::ConsumerCounts;
use super::job::{Job, Stage};
use super::kill_switch::KillSwitch;
use crate::line::Line;
use crate::messaging::{AckMode, Bytes, Delivery, DeliveryId, Settle};

/// What a consumer has been delivered and has not got rid of.
///
/// It is told what happens, and asked what to do ([`poll`](Self::poll)) and when
/// ([`next_deadline`](Self::next_deadline)). Each delivery is a job with a number of its own.
#[derive(Debug)]
pub struct Intake {
    pub(super) config: ConsumerConfig,
    pub(super) jobs: Line<Job>,
    next: u64,
    pub(super) ready: VecDeque<u64>,
    pub(super) running: u32,
    /// Those that were acknowledged before they are handled.
    pub(super) claimed: VecDeque<u64>,
    /// Those of a key, the first of which is on its way.
    pub(super) lanes: BTreeMap<Bytes, VecDeque<u64>>,
    /// Those that rest, or ask the broker again, by when that is over.
    pub(super) rests: BTreeSet<(Time, u64)>,
    /// When each is to ask for more time. All ask after the same time, so they come in order.
    pub(super) extensions: VecDeque<(Time, u64)>,
    /// Those handled and not acknowledged, and when they are to be.
    handled: Vec<u64>,
    /// How many of these the feed was told of.
    told: usize,
    pub(super) acks_at: Time,
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
            jobs: Line::default(),
            next: 0,
            ready: VecDeque::new(),
            running: 0,
            claimed: VecDeque::new(),
            lanes: BTreeMap::new(),
            rests: BTreeSet::new(),
            extensions: VecDeque::new(),
            handled: Vec::new(),
            told: 0,
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

    pub(super) fn settles_itself(&self) -> bool {
        self.config.subscription.ack == AckMode::Explicit
    }

    fn extends(&self) -> bool {
        self.config.extend && self.settles_itself()
    }

    /// It is its turn.
    pub(super) fn set_ready(&mut self, number: u64) {
        if let Some(job) = self.jobs.get_mut(number) {
            job.stage = Stage::Ready;
            self.ready.push_back(number);
        }
    }

    /// It is gone, and the next of its key has its turn.
    pub(super) fn leave(&mut self, number: u64) {
        self.let_pass(number);
        self.jobs.remove(number);
        // What is not there asks for nothing.
        while self.extensions.front().is_some_and(|(_, first)| self.jobs.get(*first).is_none()) {
            self.extensions.pop_front();
        }
    }

    /// Nothing of its key waits for it any more.
    fn let_pass(&mut self, number: u64) {
        let Some(key) = self.jobs.get_mut(number).and_then(|job| job.lane.take()) else { return };
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
        self.let_pass(number);
        if self.handled.is_empty() {
            self.acks_at = now + period;
        }
        self.handled.push(number);
    }

    /// The next that was handled and that the feed was not told of.
    pub(super) fn next_handled(&mut self) -> Option<&DeliveryId> {
        let number = *self.handled.get(self.told)?;
        self.told += 1;
        self.jobs.get(number).map(|job| &job.delivery.id)
    }

    /// How much was handled and is not acknowledged yet, in whole halves of what is prefetched, so that the broker is told
    /// seldom.
    pub fn gathered(&self) -> u32 {
        let step = (self.config.subscription.prefetch / 2).max(1);
        let handled = u32::try_from(self.handled.len()).unwrap_or(u32::MAX);
        handled / step * step
    }

    /// Acknowledges what was handled, without waiting for more.
    pub fn acknowledge(&mut self) {
        (self.acks_at, self.told) = (Time::MAX, 0);
        for number in std::mem::take(&mut self.handled) {
            if let Some(job) = self.jobs.get_mut(number) {
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

    /// Whether it has nothing.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// What it has done.
    pub fn counts(&self) -> ConsumerCounts {
        self.counts
    }
}
