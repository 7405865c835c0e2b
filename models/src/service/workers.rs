//! Workers take up requests and are done with them.

use std::sync::Arc;

use cascadia_patterns::call::{Failure, Layer, Reason, Rejection};
use cascadia_runtime::Time;

use super::job::{Busy, Job};
use super::queue::Left;
use super::replica::{Replica, ReplicaState};
use super::settings::Settings;
use crate::blame::Stage;
use crate::exchange::{Answer, Cause, Content, Exchange};
use crate::plan::{After, OnCancel};
use crate::world::EventKind;

/// A busy worker with a task. Dropped, it takes up the next job.
struct Worker {
    replica: Arc<Replica>,
    /// The life in which it is busy.
    incarnation: u64,
    exchange: Arc<Exchange>,
    since: Time,
    /// It has ended in success.
    succeeded: bool,
}

impl Worker {
    async fn work(mut self) {
        let Self { replica, exchange, .. } = &self;
        let answer = replica.settings.scripts.run(exchange, &**replica).await;
        self.succeeded = replica.done(exchange, answer);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.replica.release(self.incarnation, self.since, &self.exchange, self.succeeded);
    }
}

impl Replica {
    /// Begins the work on a job, unless it comes too late.
    pub(super) fn begin(self: &Arc<Self>, job: Job) {
        match self.too_late(&job.exchange) {
            Some(rejection) => self.refuse(&job.exchange, rejection),
            None => self.start(job),
        }
    }

    /// The refusal of the first layer that now refuses what it let pass.
    fn too_late(&self, exchange: &Exchange) -> Option<Rejection> {
        if !self.settings.looks_again {
            return None;
        }
        let deadline = exchange.request.context.baggage.deadline;
        let state = self.state.borrow_mut();
        let mut layers = state.at_queue.again.iter();
        layers.try_fold(deadline, |deadline, layer| layer.look_again(deadline)).err()
    }

    /// Begins the work on a job.
    fn start(self: &Arc<Self>, Job { exchange, arrived }: Job) {
        let incarnation = self.place.incarnation();
        self.state.borrow_mut().busy += 1;
        let since = self.world.now();
        self.emit(EventKind::Started, exchange.key);
        self.meter.borrow_mut().started(since, self.number, arrived);
        exchange.begin();
        exchange.reach(Stage::Working);
        exchange.taken_up(true);
        let Settings { on_cancel, scripts, .. } = &*self.settings;
        let can_stop = *on_cancel == OnCancel::Stop;
        if let Some(nanos) = scripts.only_work(&exchange)
            && !can_stop
            && !scripts.rules.stretches
        {
            return self.work(nanos, Busy { exchange, since });
        }
        let stopped = can_stop.then(|| Arc::clone(&exchange));
        let (replica, succeeded) = (Arc::clone(self), false);
        let worker = Worker { replica, incarnation, exchange, since, succeeded };
        let task = self.world.sim.spawn_on(self.place.node, worker.work());
        if let Some(exchange) = stopped {
            exchange.set_task(task);
        }
    }

    /// Works for a time that is known beforehand. That needs no task: nothing can stop it but the
    /// end of this life.
    fn work(self: &Arc<Self>, nanos: u64, busy: Busy) {
        let end = busy.since.after(self.pace.time(nanos));
        let place = self.state.borrow_mut().working.insert(busy);
        let incarnation = self.place.incarnation();
        let replica = Arc::clone(self);
        self.world.sim.at(end, move || replica.worked(place, incarnation));
    }

    /// The work that began at `place` in the life `incarnation` is done, if that goes on.
    fn worked(self: &Arc<Self>, place: usize, incarnation: u64) {
        if self.place.incarnation() != incarnation {
            return;
        }
        let Busy { exchange, since } = self.state.borrow_mut().working.remove(place);
        let succeeded = self.done(&exchange, Ok(Content::default()));
        self.release(incarnation, since, &exchange, succeeded);
    }

    /// The work is done, and the answer may be lost. Returns whether it is a success.
    #[inline(always)]
    fn done(&self, exchange: &Arc<Exchange>, mut answer: Answer) -> bool {
        if answer.is_ok() {
            if let Some(deed) = exchange.deed() {
                self.world.done(&deed, exchange.request.origin);
            }
            if let Some(lost) = self.spoils(&self.state.borrow_mut(), exchange, After::Work) {
                answer = Err(Failure::Service(lost));
            }
        }
        let succeeded = answer.is_ok();
        self.complete(exchange, answer);
        succeeded
    }

    /// Answers. Behind an inbound stack it is counted when it has passed it.
    pub(super) fn complete(&self, exchange: &Arc<Exchange>, answer: Answer) {
        let code = answer.as_ref().err().map_or(0, |failure| 1 + Cause::of(failure) as u64);
        self.emit(EventKind::Completed, code);
        if !exchange.is_inbound {
            self.meter.borrow_mut().completed(self.number);
        }
        exchange.answer(answer);
    }

    /// A worker of the life `incarnation` is free of a job that it took up at `since`.
    fn release(
        self: &Arc<Self>,
        incarnation: u64,
        since: Time,
        exchange: &Arc<Exchange>,
        succeeded: bool,
    ) {
        let now = self.world.now();
        let abandoned = exchange.abandoned();
        exchange.taken_up(false);
        self.meter.borrow_mut().ended(now, self.number, since, (succeeded, abandoned));
        if self.place.incarnation() == incarnation {
            self.free();
        } else {
            self.task_ended(exchange);
        }
    }

    /// A worker is free for the work on refusals, which does not wait, or for who is next.
    pub(super) fn free(self: &Arc<Self>) {
        let now = self.world.now();
        let mut state = self.state.borrow_mut();
        state.busy -= 1;
        if state.owed > 0 {
            return self.work_off(&mut state);
        }
        while let Some(left) = self.take_next(&mut state, now) {
            drop(state);
            self.take_up(left, now);
            state = self.state.borrow_mut();
        }
        if state.queue.len() > 0 && self.has_worker(&state) {
            self.meter.borrow_mut().idled();
        }
        state.leave_if_idle();
    }

    fn take_next(&self, state: &mut ReplicaState, now: Time) -> Option<Left> {
        if !self.has_worker(state) {
            return None;
        }
        let left = state.queue.pop(now, &mut state.discipline)?;
        state.waited(now, left.job.arrived);
        Some(left)
    }

    /// Begins the work on a job that waited, unless it is shed or comes too late.
    fn take_up(self: &Arc<Self>, Left { job, shed }: Left, now: Time) {
        self.meter.borrow_mut().unqueued(now, self.number, job.arrived);
        if shed {
            self.refuse(&job.exchange, Rejection::new(Layer::SHED, Reason::OVERLOADED));
        } else {
            self.begin(job);
        }
    }
}
