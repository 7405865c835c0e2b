use std::sync::{Arc, Mutex};

use cascadia_patterns::call::{BoxFuture, Call, Failure, Layer, Reason, Rejection, Request as _};
use cascadia_patterns::deadline::expired;
use cascadia_runtime::Draw;
use cascadia_sim_core::NodeId;

use super::queue::Queue;
use super::script::Task;
use super::work::Pace;
use super::{Job, Settings};
use crate::hop::{Reply, Slot, wait};
use crate::measure::{Busy, Place, Queued};
use crate::model::{Kind, Model};
use crate::plan::{Instance, OnCancel, Party, Workers};
use crate::request::{Answer, Cause, Request, Route, ServiceError};
use crate::stack::{Caller, inbound, routes};
use crate::sync::lock;

/// Told apart from the draws of work.
const ERROR: u64 = 2 << 48;

/// One replica: a queue, workers and the policies of its calls.
pub(crate) struct Replica {
    name: String,
    /// What the digest calls it.
    entity: u32,
    settings: Arc<Settings>,
    place: Place,
    pub(crate) pace: Pace,
    state: Mutex<State>,
}

struct State {
    node: NodeId,
    up: bool,
    /// Crash faults in force.
    held_down: u32,
    /// Counts its lives. What an earlier life left behind has no effect.
    incarnation: u64,
    queue: Queue,
    busy: u32,
    /// What its calls go through.
    routes: Arc<[Route]>,
    /// What requests go through before the queue.
    inbound: Option<Route>,
    /// Error faults in force: their number and share.
    errors: Vec<(usize, f64)>,
}

impl Replica {
    pub(super) fn new(name: String, entity: u32, settings: Arc<Settings>, place: Place) -> Self {
        let state = State {
            node: place.sim.node(&name),
            up: false,
            held_down: 0,
            incarnation: 0,
            queue: Queue::default(),
            busy: 0,
            routes: Arc::new([]),
            inbound: None,
            errors: Vec::new(),
        };
        let pace = Pace::new(place.sim);
        Self { name, entity, settings, place, pace, state: Mutex::new(state) }
    }

    fn id(&self) -> Instance {
        Instance { service: self.settings.id, replica: self.place.replica }
    }

    /// Begins a life: empty, with fresh policies.
    pub(crate) fn boot(&self, model: &Arc<Model>) {
        let incarnation = lock(&self.state).incarnation;
        let caller = Caller { party: Party::Instance(self.id()), name: &self.name, incarnation };
        let routes = routes(model, &caller, &self.settings.script.sites);
        let station = Station { model: Arc::clone(model), replica: self.id() };
        let inbound = self.settings.inbound.map(|stack| inbound(model, &caller, stack, station));
        let mut state = lock(&self.state);
        self.place.sim.restart(state.node);
        state.up = true;
        state.routes = routes.into();
        state.inbound = inbound;
        drop(state);
        lock(&self.place.meter).up(model.now(), self.place.replica);
    }

    /// Ends a life: whatever waits or runs is gone, and nobody is told.
    fn crash(&self, model: &Model) {
        let remains = self.end_life();
        lock(&self.place.meter).down(model.now(), self.place.replica);
        let node = lock(&self.state).node;
        self.place.sim.kill(node);
        drop(remains);
    }

    /// Ends the last life when the run is over, which also lets go of what holds on to the model.
    pub(crate) fn dismantle(&self) {
        drop(self.end_life());
    }

    /// What waited and what was set up. Dropped by the caller, as it may call back.
    fn end_life(&self) -> impl Sized + use<> {
        let mut state = lock(&self.state);
        state.up = false;
        state.incarnation += 1;
        state.busy = 0;
        let routes = std::mem::replace(&mut state.routes, Arc::new([]));
        (std::mem::take(&mut state.queue), routes, state.inbound.take())
    }

    /// One more fault holds the replica down, or one less.
    pub(crate) fn hold_down(&self, model: &Arc<Model>, begins: bool) {
        let (before, after) = {
            let held = &mut lock(&self.state).held_down;
            let before = *held;
            *held = if begins { before + 1 } else { before - 1 };
            (before, *held)
        };
        match (before, after) {
            (0, _) => {
                self.note(model, "up", "down");
                self.crash(model);
            }
            (_, 0) => {
                self.note(model, "down", "up");
                self.boot(model);
            }
            _ => {}
        }
    }

    fn note(&self, model: &Model, from: &'static str, to: &'static str) {
        model.emit(self.entity, Kind::State, u64::from(to == "up"));
        lock(&model.lanes).change(&self.name, from, model.now(), to);
    }

    /// The error fault number `index` begins with a share of requests, or ends.
    pub(crate) fn errors(&self, index: usize, rate: Option<f64>) {
        let errors = &mut lock(&self.state).errors;
        match rate {
            Some(rate) => errors.push((index, rate)),
            None => errors.retain(|(held, _)| *held != index),
        }
    }

    /// A request is delivered. A replica that is down does not see it.
    pub(crate) fn arrive(&self, model: &Arc<Model>, job: Job) {
        let state = lock(&self.state);
        if !state.up {
            return;
        }
        let key = job.key();
        let fails =
            |(index, rate): &(usize, f64)| Draw::new(key, ERROR | *index as u64, 0).unit() < *rate;
        let failed = state.errors.iter().any(fails);
        let (inbound, node) = (state.inbound.clone(), state.node);
        drop(state);
        model.emit(self.entity, Kind::Arrived, key);
        lock(&self.place.meter).arrived(self.place.replica);
        if failed {
            self.complete(model, job, Err(Failure::Service(ServiceError(Cause::Failed))));
        } else if let Some(inbound) = inbound {
            self.guard(model, node, job, inbound);
        } else {
            self.enter(model, job);
        }
    }

    /// Sends a job through the inbound stack, whose end is the [`Station`].
    fn guard(&self, model: &Arc<Model>, node: NodeId, job: Job, inbound: Route) {
        let Job { mut request, slot, reply, .. } = job;
        request.parent = Some(Arc::clone(&slot));
        let (model, id) = (Arc::clone(model), self.id());
        let far = Arc::clone(&slot);
        let task = self.place.sim.spawn_on(node, async move {
            let answer = inbound.call(request).await;
            if matches!(answer, Err(Failure::Rejected(_))) {
                model.replica(id).rejected(&model);
            }
            reply.send(far, answer);
        });
        if self.settings.on_cancel != OnCancel::Ignore {
            slot.set_task(task);
        }
    }

    /// Takes a job to a worker or into the queue, or refuses it.
    fn enter(&self, model: &Arc<Model>, job: Job) {
        let mut state = lock(&self.state);
        if self.has_worker(&state) {
            state.busy += 1;
            drop(state);
            return self.start(model, job);
        }
        let full = |capacity| state.queue.len() >= capacity as usize;
        if !self.settings.queue.capacity.is_some_and(full) {
            state.queue.push(job, Queued::new(self.place.clone()));
            return;
        }
        drop(state);
        self.refuse(model, job, Layer::Queue, Reason::Full);
    }

    fn has_worker(&self, state: &State) -> bool {
        match self.settings.workers {
            Workers::Limited(workers) => state.busy < workers,
            Workers::Unlimited => true,
        }
    }

    /// Begins the work on a job. The worker is counted already.
    fn start(&self, model: &Arc<Model>, job: Job) {
        let (node, incarnation, routes) = {
            let state = lock(&self.state);
            (state.node, state.incarnation, Arc::clone(&state.routes))
        };
        model.emit(self.entity, Kind::Started, job.key());
        let worker = Worker { model: Arc::clone(model), replica: self.id(), incarnation };
        let busy = Busy::new(self.place.clone(), job.arrived, Arc::clone(&job.slot));
        let settings = Arc::clone(&self.settings);
        let slot = (settings.on_cancel == OnCancel::Stop).then(|| Arc::clone(&job.slot));
        let work = Task::new(&job, routes, self.pace.clone(), settings.stretches);
        let task = self.place.sim.spawn_on(node, async move {
            let answer = settings.script.run(&work).await;
            drop(busy);
            worker.replica().complete(&worker.model, job, answer);
            drop(worker);
        });
        if let Some(slot) = slot {
            slot.set_task(task);
        }
    }

    fn complete(&self, model: &Model, job: Job, answer: Answer) {
        let code = answer.as_ref().err().map_or(0, |failure| 1 + Cause::of(failure) as u64);
        model.emit(self.entity, Kind::Completed, code);
        lock(&self.place.meter).completed(self.place.replica);
        job.answer(answer);
    }

    /// Answers with a rejection. Behind an inbound stack it is counted when it has passed it.
    fn refuse(&self, model: &Model, job: Job, by: Layer, reason: Reason) {
        if matches!(job.reply, Reply::Far { .. }) {
            self.rejected(model);
        }
        let safe_to_retry = reason == Reason::Full;
        let rejection = Rejection { by, reason, retry_after: None, safe_to_retry };
        job.answer(Err(Failure::Rejected(rejection)));
    }

    fn rejected(&self, model: &Model) {
        model.emit(self.entity, Kind::Rejected, 0);
        lock(&self.place.meter).rejected();
    }

    /// A worker of the life `incarnation` is free.
    fn release(&self, model: &Arc<Model>, incarnation: u64) {
        {
            let mut state = lock(&self.state);
            if state.incarnation != incarnation {
                return;
            }
            state.busy -= 1;
        }
        while let Some(job) = self.take_next() {
            if self.settings.expires && expired(model.now(), job.request.context()) {
                self.refuse(model, job, Layer::Deadline, Reason::Expired);
                continue;
            }
            lock(&self.state).busy += 1;
            self.start(model, job);
        }
        let state = lock(&self.state);
        if state.queue.len() > 0 && self.has_worker(&state) {
            lock(&self.place.meter).idled();
        }
    }

    fn take_next(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        if self.has_worker(&state) { state.queue.pop(self.settings.queue.discipline) } else { None }
    }

    /// The cancel message for the call behind `slot` arrives.
    pub(crate) fn cancel(&self, model: &Model, slot: &Arc<Slot>) {
        if self.settings.on_cancel == OnCancel::Ignore {
            return;
        }
        let skipped = lock(&self.state).queue.skip(|job| job.slot.serves(slot));
        if skipped.is_some() || self.settings.on_cancel == OnCancel::Stop {
            model.emit(self.entity, Kind::Cancelled, 0);
            slot.abort_task();
        }
    }
}

/// A busy worker. Dropped, it takes up the next job.
struct Worker {
    model: Arc<Model>,
    replica: Instance,
    incarnation: u64,
}

impl Worker {
    fn replica(&self) -> &Replica {
        self.model.replica(self.replica)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.replica().release(&self.model, self.incarnation);
    }
}

/// The end of an inbound stack: the queue of the replica.
pub(crate) struct Station {
    model: Arc<Model>,
    replica: Instance,
}

impl Call<Request, (), ServiceError> for Station {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let slot = Slot::new(request.parent.clone());
        let job = Job::new(request, Arc::clone(&slot), Reply::Near, self.model.now());
        self.model.replica(self.replica).enter(&self.model, job);
        let sim = self.model.sim;
        wait(slot, sim, move |slot| self.model.replica(self.replica).cancel(&self.model, slot))
    }
}
