use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::config::{AckWhen, Order};
use super::fault::Fault;
use super::intake::Intake;
use super::job::{Ended, Stage};
use crate::messaging::{AckMode, BrokerError, Settle, Settled};

/// How often the broker is asked to settle something, before it is left to settle itself.
const MOST_ASKED: u32 = 8;

/// How jobs end: by their handlers, and by the answers of the broker.
impl Intake {
    /// A handler has ended.
    pub fn on_handled(&mut self, now: Time, number: u64, ended: Ended) {
        let Some(job) = self.jobs.get(number).filter(|job| job.stage == Stage::Running) else {
            return;
        };
        let is_overtaken = job.is_overtaken;
        self.on_landed();
        let is_fault = ended.is_err();
        self.counts.faults += u64::from(is_fault);
        if let Some(switch) = &mut self.switch {
            self.counts.trips += u64::from(switch.on_end(now, is_fault));
        }
        let settles = self.config.subscription.ack == AckMode::Explicit;
        let is_claimed = self.config.ack == AckWhen::Before || !settles;
        match (ended, self.config.ack) {
            (Ok(()), AckWhen::After) if settles => self.end(number, Settle::Ack),
            (Ok(()), AckWhen::Auto(period)) => {
                if let Some(job) = self.jobs.get_mut(number) {
                    job.stage = Stage::Handled;
                }
                self.gather(now, number, period);
            }
            (Ok(()), _) => {
                self.counts.done += 1;
                self.leave(number);
            }
            (Err(_), _) if is_claimed => {
                self.counts.lost += 1;
                self.leave(number);
            }
            (Err(_), AckWhen::Manual) => self.leave(number),
            // Whoever has it now will see what to do.
            (Err(_), _) if is_overtaken => self.leave(number),
            (Err(fault), _) => self.failed(now, number, &fault),
        }
    }

    fn end(&mut self, number: u64, settle: Settle) {
        if let Some(job) = self.jobs.get_mut(number) {
            job.stage = Stage::Settling(settle.clone());
            self.settles.push_back((number, settle));
        }
    }

    fn failed(&mut self, now: Time, number: u64, fault: &Fault) {
        let subscription = &self.config.subscription;
        let Some(job) = self.jobs.get_mut(number) else { return };
        let attempts = job.attempts();
        let rest = match fault {
            Fault::Poison(why) => {
                let why = why.clone();
                return self.end(number, Settle::Dead(why));
            }
            Fault::Again(_) => subscription.backoff.after(attempts),
            Fault::Later(rest, _) => *rest,
        };
        match self.config.order {
            Order::Free if rest.is_zero() => self.end(number, Settle::Requeue),
            Order::Free => self.end(number, Settle::RequeueAfter(rest)),
            Order::Key if subscription.attempts.is_some_and(|most| attempts >= most) => {
                let why = fault.why().clone();
                self.end(number, Settle::Dead(why));
            }
            Order::Key => {
                job.stage = Stage::Resting;
                self.counts.retried += 1;
                self.rests.insert((now + rest, number));
            }
        }
    }

    /// The broker has answered, or has not.
    pub fn on_settled(
        &mut self,
        now: Time,
        numbers: &[u64],
        settle: &Settle,
        answer: Result<Vec<Settled>, BrokerError>,
        stream: &mut Stream,
    ) {
        match answer {
            Ok(all) => numbers.iter().zip(all).for_each(|(number, settled)| match settle {
                Settle::Working => self.extended(*number, settled),
                settle => self.settled(*number, settle, settled),
            }),
            // What is not extended now may be at the next time.
            Err(_) if *settle == Settle::Working => {}
            Err(error) => {
                numbers.iter().for_each(|number| self.not_settled(now, *number, &error, stream));
            }
        }
    }

    fn extended(&mut self, number: u64, settled: Settled) {
        let Some(job) = self.jobs.get_mut(number).filter(|_| !settled.is_done()) else { return };
        job.is_overtaken = true;
        if matches!(job.stage, Stage::Queued | Stage::Ready | Stage::Resting) {
            self.counts.returned += 1;
            self.give_back_lane(number);
            self.leave(number);
        }
    }

    fn settled(&mut self, number: u64, settle: &Settle, settled: Settled) {
        let Some(job) = self.jobs.get(number) else { return };
        // Told twice after an answer that was lost, it is gone because it is done.
        let is_own = settled.is_done() || settled == Settled::Gone && job.is_doubtful;
        let is_late = settled == Settled::Late || job.is_overtaken || !is_own;
        match (settle, &job.stage) {
            (_, Stage::Claiming) if settled.is_done() => return self.on_claimed(number),
            (_, Stage::Claiming) => {
                self.counts.returned += 1;
                self.on_landed();
            }
            (Settle::Ack, _) => {
                self.counts.done += 1;
                self.counts.overtaken += u64::from(is_late);
            }
            (Settle::Dead(_), _) => self.counts.dead += u64::from(is_own),
            (Settle::RequeueAfter(_), _) => self.counts.retried += u64::from(is_own),
            // What is given back unhandled was counted as that.
            (_, _) => self.counts.retried += u64::from(is_own && job.tries > 0),
        }
        self.leave(number);
    }

    fn not_settled(&mut self, now: Time, number: u64, error: &BrokerError, stream: &mut Stream) {
        let backoff = &self.config.backoff;
        let Some(job) = self.jobs.get_mut(number) else { return };
        if job.stage == Stage::Claiming && !error.is_nothing() {
            // It may be acknowledged, so nobody will have it again; it may also be with another one.
            self.counts.lost += 1;
            self.on_landed();
            return self.leave(number);
        }
        let rest = backoff.delay(job.asked, Duration::ZERO, stream);
        job.asked += 1;
        job.is_doubtful |= !error.is_nothing();
        if error.is_passing() && job.asked < MOST_ASKED {
            self.rests.insert((now + rest, number));
            return;
        }
        match job.stage {
            Stage::Settling(Settle::Ack) => self.counts.unsettled += 1,
            Stage::Claiming => {
                self.counts.returned += 1;
                self.on_landed();
            }
            _ => self.counts.returned += 1,
        }
        self.leave(number);
    }
}
