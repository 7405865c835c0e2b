use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{BoxFuture, Failure, Kind};
use cascadia_patterns::shed::Discipline;
use cascadia_runtime::Time;
use cascadia_sim_core::Local;
use slab::Slab;

use super::job::Busy;
use super::mail::Mail;
use super::queue::Queue;
use super::remains::Remains;
use super::settings::Settings;
use crate::blame::{Blame, Why};
use crate::broker::{Outgoing, Posting};
use crate::component::{Drained, Place};
use crate::effects::Booth;
use crate::elected::LogMember;
use crate::exchange::{Answer, Exchange, Route, ServiceError};
use crate::layers::AtQueue;
use crate::ledgers::Ledgers;
use crate::measure::ServiceMeter;
use crate::plan::{Errors, Instance, ServiceId, Workers};
use crate::script::{Known, Log, Member, Pace, ScriptHost};
use crate::trace::{End, Tracer, What};
use crate::world::{EventKind, World};

/// One replica: a queue, workers and the policies of its calls.
pub(crate) struct Replica {
    pub(super) world: Arc<World>,
    pub(super) place: Arc<Place>,
    /// Which of its service it is.
    pub(super) number: u32,
    pub(super) settings: Arc<Settings>,
    pub(super) meter: Arc<Local<ServiceMeter>>,
    pub(super) pace: Pace,
    /// The member of a log that it is, if its store keeps one.
    pub(super) log: Option<Arc<LogMember>>,
    pub(super) state: Local<ReplicaState>,
}

pub(super) struct ReplicaState {
    /// Requests on their way through the inbound stack.
    pub(super) inside: u32,
    /// It is to leave, and this is kept until it may.
    pub(super) drained: Option<Drained>,
    /// What a life that ends leaves behind, until its tasks have ended.
    pub(super) remains: Option<Remains>,
    pub(super) queue: Queue,
    pub(super) discipline: Discipline,
    /// What the inbound stack has to do with the queue.
    pub(super) at_queue: AtQueue,
    pub(super) busy: u32,
    /// Those of them that work on refusals.
    pub(super) refusing: u64,
    /// Work on refusals that waits for a worker, in nanoseconds.
    pub(super) owed: u64,
    /// Workers that need no task.
    pub(super) working: Slab<Busy>,
    /// What its calls go through.
    pub(super) routes: Vec<Route>,
    /// The ways to all replicas of its own store, if that is kept by several.
    pub(super) members: Arc<[Route]>,
    /// What requests go through before the queue.
    pub(super) inbound: Option<Route>,
    /// What it has of brokers.
    pub(super) mail: Mail,
    /// Error faults in force, with their number.
    pub(super) errors: Vec<(usize, Arc<Errors>)>,
}

impl ReplicaState {
    /// Lets go of the place where nothing is under way any more.
    pub(super) fn leave_if_idle(&mut self) {
        if self.busy == 0 && self.inside == 0 && self.queue.len() == 0 {
            self.drained = None;
        }
    }

    /// A request that came at `arrived` waits no longer.
    pub(super) fn waited(&self, now: Time, arrived: Time) {
        self.at_queue.waits.iter().for_each(|gauge| gauge.on_wait(now, now.since(arrived)));
    }
}

impl Replica {
    /// Replica `number` of a service, which lives at `place`.
    pub(super) fn new(
        world: &Arc<World>,
        place: &Arc<Place>,
        number: u32,
        (settings, meter): (Arc<Settings>, Arc<Local<ServiceMeter>>),
    ) -> Self {
        let state = ReplicaState {
            inside: 0,
            drained: None,
            remains: None,
            queue: Queue::default(),
            discipline: Discipline::new(settings.queue.discipline),
            at_queue: AtQueue::default(),
            busy: 0,
            refusing: 0,
            owed: 0,
            working: Slab::new(),
            routes: Vec::new(),
            members: Arc::default(),
            inbound: None,
            mail: Mail::default(),
            errors: Vec::new(),
        };
        let me = Instance { service: settings.id, replica: number };
        let parts = (&settings.ledger, &meter);
        let log = settings.elected().map(|plan| LogMember::new(world, me, plan, parts));
        let (world, place, pace) = (Arc::clone(world), Arc::clone(place), Pace::new(world.sim));
        Self { world, place, number, settings, meter, pace, log, state: Local::new(state) }
    }

    /// Adds to the digest that something happened here.
    pub(super) fn emit(&self, kind: EventKind, value: u64) {
        self.world.emit(self.place.id.0, kind, value);
    }

    /// What is done for `exchange` by messages, which is followed if that is.
    fn followed<T: 'static>(
        &self,
        exchange: &Exchange,
        what: impl FnOnce() -> What,
        end: fn(&T) -> End,
        done: impl FnOnce() -> BoxFuture<T>,
    ) -> BoxFuture<T> {
        let span = |tracer: &Arc<Tracer>| {
            Some((Arc::clone(tracer), tracer.begin_for(exchange.span(), what())?))
        };
        match self.world.tracer.as_ref().and_then(span) {
            None => done(),
            Some((tracer, span)) => tracer.follow(span, end, done),
        }
    }

    pub(super) fn has_worker(&self, state: &ReplicaState) -> bool {
        match self.settings.workers {
            Workers::Limited(workers) => state.busy < workers,
            Workers::Unlimited => true,
        }
    }
}

impl ScriptHost for Replica {
    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn site(&self, site: usize) -> (ServiceId, Route) {
        let route = Arc::clone(&self.state.borrow_mut().routes[site]);
        (self.settings.scripts.sites[site].0, route)
    }

    fn let_down(
        &self,
        site: usize,
        exchange: &Exchange,
        failure: &Failure<ServiceError>,
    ) -> ServiceError {
        let between = (Some(self.settings.id), self.settings.scripts.sites[site].0);
        let blame = self.world.blame(failure, between, exchange.trail.heard());
        ServiceError::behind(failure, Some(blame))
    }

    fn publish(&self, exchange: &Exchange, site: usize, posting: Posting) -> BoxFuture<bool> {
        let publisher = Arc::clone(&self.state.borrow_mut().mail.publishers[site]);
        let settings = Arc::clone(&self.settings);
        let what = || What::Publish(self.settings.scripts.publishers[site].to());
        self.followed(exchange, what, End::of_message, move || {
            Box::pin(
                async move { publisher.publish(&settings.scripts.publishers[site], posting).await },
            )
        })
    }

    fn unconfirmed(&self, site: usize) -> ServiceError {
        let broker = self.world.plan.group(&self.settings.scripts.publishers[site].broker);
        let (caller, why) = (Some(self.settings.id), Why::Unconfirmed);
        let blame = broker.map(|callee| self.world.note(Blame { caller, callee, why }));
        ServiceError::new(Kind::Unavailable).blaming(blame)
    }

    fn ask(
        &self,
        exchange: &Exchange,
        site: usize,
        posting: Posting,
        timeout: Duration,
    ) -> BoxFuture<Answer> {
        let requester = Arc::clone(&self.state.borrow_mut().mail.requesters[site]);
        let settings = Arc::clone(&self.settings);
        let what = || What::Ask(self.settings.scripts.requesters[site].to());
        self.followed(exchange, what, End::of, move || {
            Box::pin(async move {
                requester.request(&settings.scripts.requesters[site], posting, timeout).await
            })
        })
    }

    fn outgoing(&self, broker: &str) -> Arc<Outgoing> {
        let outgoing = &self.state.borrow_mut().mail.outgoing;
        let found = outgoing.iter().find(|outgoing| outgoing.name() == broker);
        Arc::clone(found.expect("a store relays to all brokers that it is asked to publish to"))
    }

    fn ledgers(&self) -> &Ledgers {
        &self.world.ledgers
    }

    fn booth(&self, saga: &str) -> Option<Arc<Booth>> {
        let desks = &self.state.borrow_mut().mail.branches;
        let found = desks.iter().find(|desk| *desk.booth.saga == *saga)?;
        Some(Arc::clone(&found.booth))
    }

    fn known(&self) -> &Known {
        &self.settings.known
    }

    fn member(&self) -> Option<Member<'_>> {
        let keeper = self.settings.keeper.as_ref()?;
        let (sim, node) = (self.world.sim, self.place.node);
        let leave = move |rest| drop(sim.spawn_on(node, rest));
        let members = self.state.borrow_mut().members.clone();
        let (meter, number) = (Arc::clone(&self.meter), self.number);
        let count = Box::new(move |told| meter.borrow_mut().told(told));
        let log = self.log.as_ref().map(|log| log as &dyn Log);
        let (wall, leave) = (sim.wall_of(node), Box::new(leave));
        Some(Member { keeper, sim, wall, number, members, log, count, leave })
    }
}
