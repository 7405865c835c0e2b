use cascadia_runtime::Time;

use super::config::AckWhen;
use super::intake::{Action, Intake};
use super::job::Stage;
use super::kill_switch::KillSwitch;
use crate::messaging::Settle;

/// What is to be done, and when.
impl Intake {
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
            let stage = self.jobs.get(number).map(|job| job.stage.clone());
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
            if let Some(job) = self.jobs.get(*number) {
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
            let Some(job) = self.jobs.get(number).filter(|job| job.stage.takes_time()) else {
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
            let job = self.jobs.get_mut(number)?;
            job.tries += 1;
            return Some(Action::Handle(number, job.handed()));
        }
        let claims = self.settles_itself() && self.config.ack == AckWhen::Before;
        while self.running < self.config.concurrency && self.is_open(now) {
            let number = self.ready.pop_front()?;
            let Some(job) = self.jobs.get_mut(number).filter(|job| job.stage == Stage::Ready)
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
            return Some(Action::Handle(number, job.handed()));
        }
        None
    }

    /// It is acknowledged, and nobody else will have it.
    pub(super) fn on_claimed(&mut self, number: u64) {
        if let Some(job) = self.jobs.get_mut(number) {
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
}
