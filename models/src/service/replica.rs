use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Failure, Layer, Reason, Rejection};
use cascadia_patterns::shed::{Discipline, OnWait};
use cascadia_runtime::{Draw, Time};
use cascadia_sim_core::{Local, NodeId, Sim};
use slab::Slab;

use super::death::{Connected, Death, Held};
use super::queue::{Left, Queue};
use super::work::Pace;
use super::worker::{Busy, Worker};
use super::{Job, Settings};
use crate::exchange::{Exchange, Way, wait};
use crate::measure::ServiceMeter;
use crate::model::{Kind, Model};
use crate::plan::{Instance, OnCancel, Party, Workers};
use crate::request::{Answer, Cause, Content, Request, Route, ServiceError};
use crate::stack::{AtQueue, Caller, inbound, routes};

/// Told apart from the draws of work.
const ERROR: u64 = 2 << 48;

/// One replica: a queue, workers and the policies of its calls.
pub(crate) struct Replica {
    sim: Sim,
    name: String,
    /// Which of its service it is.
    number: u32,
    /// What the digest calls it.
    entity: u32,
    pub(super) settings: Arc<Settings>,
    meter: Arc<Local<ServiceMeter>>,
    pub(crate) pace: Pace,
    state: Local<State>,
}

struct State {
    node: NodeId,
    up: bool,
    /// Faults in force that hold it down.
    held: Held,
    /// Its life is ended in a way that who waits is told of.
    resets: bool,
    /// The requests whose tasks ended with it.
    cut: Vec<Arc<Exchange>>,
    /// Counts its lives. What an earlier life left behind has no effect.
    incarnation: u64,
    queue: Queue,
    discipline: Discipline,
    /// What the inbound stack has to do with the queue.
    at_queue: AtQueue,
    busy: u32,
    /// Those of them that work on refusals.
    refusing: u64,
    /// Work on refusals that waits for a worker, in nanoseconds.
    owed: u64,
    /// Workers that need no task.
    working: Slab<Busy>,
    /// What its calls go through.
    routes: Vec<Route>,
    /// What requests go through before the queue.
    inbound: Option<Route>,
    /// Error faults in force: their number and share.
    errors: Vec<(usize, f64)>,
}

/// What waited and what was set up. Its drop may call back.
struct Remains {
    queue: Queue,
    working: Slab<Busy>,
    _routes: Vec<Route>,
    _inbound: Option<Route>,
    _at_queue: AtQueue,
}

impl Remains {
    /// The requests that nobody answers any more.
    fn exchanges(&self) -> impl Iterator<Item = &Arc<Exchange>> {
        let waiting = self.queue.iter().map(|job| &job.exchange);
        waiting.chain(self.working.iter().map(|(_, busy)| &busy.exchange))
    }
}

impl State {
    /// A request that came at `arrived` waits no longer.
    fn waited(&self, now: Time, arrived: Time) {
        self.at_queue.waits.iter().for_each(|gauge| gauge.on_wait(now, now.since(arrived)));
    }
}

impl Replica {
    /// Replica `number` of a service, which the digest calls `entity`.
    pub(super) fn new(
        sim: Sim,
        name: String,
        number: u32,
        entity: u32,
        (settings, meter): (Arc<Settings>, Arc<Local<ServiceMeter>>),
    ) -> Self {
        let state = State {
            node: sim.node(&name),
            up: false,
            held: Held::default(),
            resets: false,
            cut: Vec::new(),
            incarnation: 0,
            queue: Queue::default(),
            discipline: Discipline::new(settings.queue.discipline),
            at_queue: AtQueue::default(),
            busy: 0,
            refusing: 0,
            owed: 0,
            working: Slab::new(),
            routes: Vec::new(),
            inbound: None,
            errors: Vec::new(),
        };
        let pace = Pace::new(sim);
        Self { sim, name, number, entity, settings, meter, pace, state: Local::new(state) }
    }

    fn id(&self) -> Instance {
        Instance { service: self.settings.id, replica: self.number }
    }

    /// What calls from site number `site` of its scripts go through.
    pub(super) fn route(&self, site: usize) -> Route {
        Arc::clone(&self.state.borrow_mut().routes[site])
    }

    /// Begins a life: empty, with fresh policies.
    pub(crate) fn boot(&self, model: &Arc<Model>) {
        let incarnation = self.state.borrow_mut().incarnation;
        let caller = Caller { party: Party::Instance(self.id()), name: &self.name, incarnation };
        let routes = routes(model, &caller, &self.settings.script.sites);
        let station = Station { model: Arc::clone(model), replica: self.id() };
        let inbound = self.settings.inbound.map(|stack| inbound(model, &caller, stack, station));
        let (inbound, at_queue) = inbound.unzip();
        let mut state = self.state.borrow_mut();
        self.sim.restart(state.node);
        state.up = true;
        state.routes = routes;
        state.inbound = inbound;
        state.at_queue = at_queue.unwrap_or_default();
        state.discipline = Discipline::new(self.settings.queue.discipline);
        drop(state);
        self.meter.borrow_mut().up(model.now(), self.number);
    }

    /// Ends a life: whatever waits or runs is gone. Only where its machine lives on, somebody is
    /// told.
    fn crash(&self, model: &Model, death: Death) {
        self.state.borrow_mut().resets = death == Death::Process;
        let remains = self.end_life(model.now());
        self.meter.borrow_mut().down(model.now(), self.number);
        let node = self.state.borrow_mut().node;
        self.sim.kill(node);
        if death == Death::Process {
            // Tasks could not do this themselves: what the dead do in their drop has no effect.
            let cut = std::mem::take(&mut self.state.borrow_mut().cut);
            cut.iter().chain(remains.exchanges()).for_each(reset);
        }
        drop(remains);
    }

    /// Ends the last life when the run is over, which also lets go of what holds on to the model.
    pub(crate) fn dismantle(&self, now: Time) {
        self.state.borrow_mut().resets = false;
        drop(self.end_life(now));
    }

    fn end_life(&self, now: Time) -> Remains {
        let mut state = self.state.borrow_mut();
        state.up = false;
        state.incarnation += 1;
        (state.busy, state.owed) = (0, 0);
        let mut meter = self.meter.borrow_mut();
        meter.refused(now, self.number, std::mem::take(&mut state.refusing));
        state.queue.iter().for_each(|job| meter.unqueued(now, self.number, job.arrived));
        for (_, Busy { exchange, since }) in &state.working {
            meter.ended(now, self.number, *since, exchange.abandoned());
        }
        Remains {
            queue: std::mem::take(&mut state.queue),
            working: std::mem::take(&mut state.working),
            _routes: std::mem::take(&mut state.routes),
            _inbound: state.inbound.take(),
            _at_queue: std::mem::take(&mut state.at_queue),
        }
    }

    /// The task of a request that came in the life `incarnation` is over. If that is because the
    /// life is, the caller may have to be told.
    pub(super) fn task_ended(&self, incarnation: u64, exchange: &Arc<Exchange>) {
        let mut state = self.state.borrow_mut();
        if state.incarnation != incarnation && state.resets {
            state.cut.push(Arc::clone(exchange));
        }
    }

    /// One more fault holds the replica down, or one less.
    pub(crate) fn hold_down(&self, model: &Arc<Model>, death: Death, begins: bool) {
        let (before, after) = {
            let held = &mut self.state.borrow_mut().held;
            let before = held.dead();
            held.turn(death, begins);
            (before, held.dead())
        };
        match (before, after) {
            (None, Some(death)) => {
                self.note(model, "up", "down");
                self.crash(model, death);
            }
            (Some(_), None) => {
                self.note(model, "down", "up");
                self.boot(model);
            }
            _ => {}
        }
    }

    fn note(&self, model: &Model, from: &'static str, to: &'static str) {
        model.emit(self.entity, Kind::State, u64::from(to == "up"));
        model.lanes.borrow_mut().change(&self.name, from, model.now(), to);
    }

    /// The error fault number `index` begins with a share of requests, or ends.
    pub(crate) fn errors(&self, index: usize, rate: Option<f64>) {
        let errors = &mut self.state.borrow_mut().errors;
        match rate {
            Some(rate) => errors.push((index, rate)),
            None => errors.retain(|(held, _)| *held != index),
        }
    }

    /// A request is delivered. A replica that is down does not see it.
    pub(crate) fn arrive(&self, model: &Arc<Model>, job: Job) {
        let state = self.state.borrow_mut();
        if !state.up {
            let dead = state.held.dead();
            drop(state);
            if dead == Some(Death::Process) {
                model.emit(self.entity, Kind::Refused, job.exchange.key);
                job.exchange.answer(Err(Failure::Service(ServiceError::refused())));
            }
            return;
        }
        job.exchange.accept(job.arrived);
        let key = job.exchange.key;
        let fails =
            |(index, rate): &(usize, f64)| Draw::new(key, ERROR | *index as u64, 0).unit() < *rate;
        let failed = state.errors.iter().any(fails);
        let (inbound, node) = (state.inbound.clone(), state.node);
        drop(state);
        model.emit(self.entity, Kind::Arrived, key);
        if job.exchange.request.is_orphan() {
            model.load(job.exchange.request.origin.load).orphaned();
        }
        self.meter.borrow_mut().arrived(self.number);
        if failed {
            let answer = Err(Failure::Service(ServiceError::new(Cause::Failed)));
            self.complete(model, &job.exchange, answer);
        } else if let Some(inbound) = inbound {
            self.guard(model, node, job.exchange, inbound);
        } else {
            self.enter(model, job);
        }
    }

    /// Sends a request through the inbound stack, whose end is the [`Station`].
    fn guard(&self, model: &Arc<Model>, node: NodeId, far: Arc<Exchange>, inbound: Route) {
        let mut request = far.request.clone();
        request.context = request.context.onward();
        // Its connection was accepted when it arrived, however long it waits before the queue.
        request.accepted = None;
        request.parent = Some(Arc::clone(&far));
        let incarnation = self.state.borrow_mut().incarnation;
        let (model, exchange) = (Arc::clone(model), Arc::clone(&far));
        let connected = Connected { model, replica: self.id(), incarnation, exchange };
        let task = self.sim.spawn_on(node, async move {
            let answer = inbound.call(request).await;
            let Connected { model, exchange, .. } = &connected;
            connected.replica().passed(model, &answer);
            exchange.end_task();
            exchange.answer(answer);
        });
        if self.settings.on_cancel != OnCancel::Ignore {
            far.set_task(task);
        }
    }

    /// Takes a job to a worker or into the queue, or refuses it.
    fn enter(&self, model: &Arc<Model>, job: Job) {
        let mut state = self.state.borrow_mut();
        if self.has_worker(&state) {
            state.discipline.on_empty(job.arrived);
            state.waited(job.arrived, job.arrived);
            drop(state);
            return self.begin(model, job);
        }
        let full = |capacity| state.queue.len() >= capacity as usize;
        if !self.settings.queue.capacity.is_some_and(full) {
            self.meter.borrow_mut().queued(job.arrived, self.number);
            state.queue.push(job);
            return;
        }
        drop(state);
        self.refuse(model, &job.exchange, refusal(Layer::Queue, Reason::Full));
    }

    fn has_worker(&self, state: &State) -> bool {
        match self.settings.workers {
            Workers::Limited(workers) => state.busy < workers,
            Workers::Unlimited => true,
        }
    }

    /// Begins the work on a job, unless it comes too late.
    fn begin(&self, model: &Arc<Model>, job: Job) {
        match self.too_late(&job.exchange) {
            Some(rejection) => self.refuse(model, &job.exchange, rejection),
            None => self.start(model, job),
        }
    }

    /// The refusal of the first deadline layer that now refuses what it let pass.
    fn too_late(&self, exchange: &Exchange) -> Option<Rejection> {
        if !self.settings.expires {
            return None;
        }
        let deadline = exchange.request.context.deadline;
        let state = self.state.borrow_mut();
        let mut layers = state.at_queue.deadlines.iter();
        layers.try_fold(deadline, |deadline, layer| layer.check_again(deadline)).err()
    }

    /// Begins the work on a job.
    fn start(&self, model: &Arc<Model>, job: Job) {
        let (node, incarnation) = {
            let mut state = self.state.borrow_mut();
            state.busy += 1;
            (state.node, state.incarnation)
        };
        let now = model.now();
        model.emit(self.entity, Kind::Started, job.exchange.key);
        self.meter.borrow_mut().started(now, self.number, job.arrived);
        job.exchange.begin();
        job.exchange.taken_up(true);
        let Settings { on_cancel, stretches, script, .. } = &*self.settings;
        let can_stop = *on_cancel == OnCancel::Stop;
        if let Some(nanos) = script.only_work(&job.exchange)
            && !can_stop
            && !stretches
        {
            return self.work(model, nanos, Busy { exchange: job.exchange, since: now });
        }
        let exchange = can_stop.then(|| Arc::clone(&job.exchange));
        let worker = Worker::new(Arc::clone(model), self.id(), incarnation, job.exchange, now);
        let task = self.sim.spawn_on(node, worker.work());
        if let Some(exchange) = exchange {
            exchange.set_task(task);
        }
    }

    /// Works for a time that is known beforehand. That needs no task: nothing can stop it but the
    /// end of this life.
    fn work(&self, model: &Arc<Model>, nanos: u64, busy: Busy) {
        let end = busy.since.after(self.pace.time(nanos));
        let (place, incarnation) = {
            let mut state = self.state.borrow_mut();
            (state.working.insert(busy), state.incarnation)
        };
        let (model, id) = (Arc::clone(model), self.id());
        self.sim.at(end, move || model.replica(id).worked(&model, place, incarnation));
    }

    /// The work that began at `place` in the life `incarnation` is done, if that goes on.
    fn worked(&self, model: &Arc<Model>, place: usize, incarnation: u64) {
        let Busy { exchange, since } = {
            let mut state = self.state.borrow_mut();
            if state.incarnation != incarnation {
                return;
            }
            state.working.remove(place)
        };
        self.complete(model, &exchange, Ok(Content::default()));
        self.release(model, incarnation, since, &exchange);
    }

    /// Answers what was worked off. Behind an inbound stack it is counted when it has passed it.
    pub(super) fn complete(&self, model: &Model, exchange: &Arc<Exchange>, answer: Answer) {
        let code = answer.as_ref().err().map_or(0, |failure| 1 + Cause::of(failure) as u64);
        model.emit(self.entity, Kind::Completed, code);
        if matches!(exchange.way, Way::Far(_)) {
            self.meter.borrow_mut().completed(self.number);
        }
        exchange.answer(answer);
    }

    /// A request has passed the inbound stack, which may have tried it several times.
    fn passed(&self, model: &Arc<Model>, answer: &Answer) {
        match answer {
            Err(Failure::Rejected(_)) => self.rejected(model),
            _ => self.meter.borrow_mut().completed(self.number),
        }
    }

    /// Answers with a rejection. Behind an inbound stack it is counted when it has passed it.
    fn refuse(&self, model: &Arc<Model>, exchange: &Arc<Exchange>, rejection: Rejection) {
        if matches!(exchange.way, Way::Far(_)) {
            self.rejected(model);
        }
        exchange.answer(Err(Failure::Rejected(rejection)));
    }

    /// A request was refused. A worker that is free does the work of that, or the next to be free.
    fn rejected(&self, model: &Arc<Model>) {
        model.emit(self.entity, Kind::Rejected, 0);
        self.meter.borrow_mut().rejected();
        let mut state = self.state.borrow_mut();
        state.owed = state.owed.saturating_add(self.settings.refusal);
        if state.owed > 0 && self.has_worker(&state) {
            self.work_off(model, &mut state);
        }
    }

    /// A worker does all the work on refusals that there is.
    fn work_off(&self, model: &Arc<Model>, state: &mut State) {
        let now = model.now();
        let nanos = std::mem::take(&mut state.owed);
        (state.busy, state.refusing) = (state.busy + 1, state.refusing + 1);
        self.meter.borrow_mut().refuses(now, self.number);
        let (model, id, incarnation) = (Arc::clone(model), self.id(), state.incarnation);
        if self.settings.stretches {
            drop(self.sim.spawn_on(state.node, async move {
                model.replica(id).pace.work(nanos, true).await;
                model.replica(id).worked_off(&model, incarnation);
            }));
        } else {
            let end = now.after(self.pace.time(nanos));
            self.sim.at(end, move || model.replica(id).worked_off(&model, incarnation));
        }
    }

    /// A worker of the life `incarnation` has done its work on refusals.
    fn worked_off(&self, model: &Arc<Model>, incarnation: u64) {
        let mut state = self.state.borrow_mut();
        if state.incarnation != incarnation {
            return;
        }
        state.refusing -= 1;
        self.meter.borrow_mut().refused(model.now(), self.number, 1);
        drop(state);
        self.free(model);
    }

    /// A worker of the life `incarnation` is free of a job that it took up at `since`.
    pub(super) fn release(
        &self,
        model: &Arc<Model>,
        incarnation: u64,
        since: Time,
        exchange: &Arc<Exchange>,
    ) {
        let now = model.now();
        let abandoned = exchange.abandoned();
        exchange.taken_up(false);
        self.meter.borrow_mut().ended(now, self.number, since, abandoned);
        if self.state.borrow_mut().incarnation == incarnation {
            self.free(model);
        } else {
            self.task_ended(incarnation, exchange);
        }
    }

    /// A worker is free for the work on refusals, which does not wait, or for who is next.
    fn free(&self, model: &Arc<Model>) {
        let now = model.now();
        let mut state = self.state.borrow_mut();
        state.busy -= 1;
        if state.owed > 0 {
            return self.work_off(model, &mut state);
        }
        while let Some(left) = self.take_next(&mut state, now) {
            drop(state);
            self.take_up(model, left, now);
            state = self.state.borrow_mut();
        }
        if state.queue.len() > 0 && self.has_worker(&state) {
            self.meter.borrow_mut().idled();
        }
    }

    fn take_next(&self, state: &mut State, now: Time) -> Option<Left> {
        if !self.has_worker(state) {
            return None;
        }
        let left = state.queue.pop(now, &mut state.discipline)?;
        state.waited(now, left.job.arrived);
        Some(left)
    }

    /// Begins the work on a job that waited, unless it is shed or comes too late.
    fn take_up(&self, model: &Arc<Model>, Left { job, shed }: Left, now: Time) {
        self.meter.borrow_mut().unqueued(now, self.number, job.arrived);
        if shed {
            self.refuse(model, &job.exchange, refusal(Layer::Shed, Reason::Overloaded));
        } else {
            self.begin(model, job);
        }
    }

    /// The cancel message for `exchange` arrives.
    pub(crate) fn cancel(&self, model: &Model, exchange: &Arc<Exchange>) {
        if self.settings.on_cancel == OnCancel::Ignore {
            return;
        }
        let skipped = self.state.borrow_mut().queue.skip(|job| job.exchange.serves(exchange));
        if let Some(job) = &skipped {
            self.meter.borrow_mut().unqueued(model.now(), self.number, job.arrived);
        }
        let stops = self.settings.on_cancel == OnCancel::Stop;
        if skipped.is_some() || stops || exchange.waits_inbound() {
            model.emit(self.entity, Kind::Cancelled, 0);
            exchange.abort_task();
        }
    }
}

/// Resets the connection of a request, if it came over one.
fn reset(exchange: &Arc<Exchange>) {
    if matches!(exchange.way, Way::Far(_)) {
        exchange.answer(Err(Failure::Service(ServiceError::new(Cause::Failed))));
    }
}

fn refusal(by: Layer, reason: Reason) -> Rejection {
    Rejection::new(by, reason)
}

/// The end of an inbound stack: the queue of the replica.
pub(crate) struct Station {
    pub(crate) model: Arc<Model>,
    pub(crate) replica: Instance,
}

impl Station {
    fn replica(&self) -> &Replica {
        self.model.replica(self.replica)
    }

    /// The caller of `exchange` has gone.
    pub(crate) fn cancel(&self, exchange: &Arc<Exchange>) {
        self.replica().cancel(&self.model, exchange);
    }
}

impl Call<Request, Content, ServiceError> for Station {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let exchange = Exchange::new(request, Way::Near(Arc::clone(&self)));
        let job = Job::new(Arc::clone(&exchange), self.model.now());
        exchange.accept(job.arrived);
        self.replica().enter(&self.model, job);
        wait(exchange)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        None
    }
}
