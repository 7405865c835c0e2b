use std::sync::Arc;

use cascadia_patterns::saga::Order;
use cascadia_patterns::saga::orchestrator::{Cast, Orchestrator, sights};
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::store::{Commit, Store};
use cascadia_sim_core::Local;

use super::asking::{Asking, Own, Ways};
use super::courier::pass_on;
use super::hub::Hub;
use super::id::id_of;
use super::operator::operate;
use super::plan::{SagaCall, SagaPlan};
use super::table::{Said, Table};
use super::waiting::Waiting;
use crate::component::{Body, Component, Death, Envelope, Life, Rows};
use crate::exchange::{Answer, Content, Exchange, Status, failed};
use crate::tcp::Host;

/// A place where sagas are orchestrated.
pub(super) struct Place {
    plan: Arc<SagaPlan>,
    state: Local<State>,
    waiting: Waiting,
}

#[derive(Default)]
struct State {
    /// Nothing while it is down.
    alive: Option<(Life, Arc<Orchestrator<Host>>)>,
    /// What the orchestrators of earlier lives have done.
    before: Figures,
}

#[derive(Clone, Copy, Default)]
struct Figures {
    commands: u64,
    retries: u64,
    taken_over: u64,
}

impl Place {
    pub(super) fn new(plan: &Arc<SagaPlan>) -> Self {
        Self { plan: Arc::clone(plan), state: Local::default(), waiting: Waiting::default() }
    }

    fn asking(&self, hub: &Arc<Hub>, life: &Life) -> Asking {
        let sites = self.plan.sites();
        let routes = life.ground.routes(&life.place, &sites);
        let way = |call: SagaCall| {
            let at = sites.iter().position(|site| *site == call.site());
            (call, Arc::clone(&routes[at.expect("it is a site of the plan")]))
        };
        let steps = self.plan.definition.steps().iter().map(|step| {
            let calls = self.plan.calls[&step.name];
            let (act, undo) = (way(calls.act), calls.undo.map(way));
            let (lock, timeout) = (self.plan.locks.get(&step.name).copied(), step.timeout);
            (Arc::clone(&step.name), Ways { act, undo, lock, timeout })
        });
        Asking { hub: Arc::clone(hub), life: life.clone(), ways: steps.collect() }
    }

    /// What commits of the store say of sagas. One that they are the first to tell of has begun.
    fn sights(&self, hub: &Arc<Hub>, life: &Life) -> impl Fn(&[Commit]) -> Said + use<> {
        let (plan, hub, life) = (Arc::clone(&self.plan), Arc::clone(hub), life.clone());
        move |commits| {
            let sights: Vec<_> = commits.iter().flat_map(|of| sights(&plan.config, of)).collect();
            let (plan, hub, life) = (Arc::clone(&plan), Arc::clone(&hub), life.clone());
            Box::new(move || {
                let new = sights.iter().filter(|(saga, _)| !hub.witness.knows(saga));
                new.for_each(|(saga, _)| hub.signals.begins(&plan, saga, life.now()));
                sights
            })
        }
    }

    /// Whoever asked for a saga has gone.
    fn cancel(&self, exchange: &Exchange) {
        let alive = self.state.borrow_mut().alive.clone().filter(|_| self.plan.can_be_cancelled);
        let Some((life, orchestrator)) = alive else { return };
        let id = id_of(exchange.request.key);
        life.spawn(async move {
            // One that has ended is not cancelled any more, and neither is one that was never begun.
            let _ = orchestrator.order(&id, Order::Cancel).await;
        });
    }

    fn figures(&self) -> Figures {
        let state = self.state.borrow_mut();
        let counts = state.alive.as_ref().map(|(_, own)| own.counts()).unwrap_or_default();
        Figures {
            commands: state.before.commands + counts.commands,
            retries: state.before.retries + counts.retries,
            taken_over: state.before.taken_over + counts.taken_over,
        }
    }
}

impl Component for Place {
    fn boot(self: Arc<Self>, life: Life) {
        let hub = life.common::<Hub>(&self.plan.name).expect("orchestrators have a hub in common");
        let config = self.plan.config.clone();
        let store: Arc<dyn Store> = Arc::new(Table {
            rows: hub.rows.clone(),
            witness: Arc::clone(&hub.witness),
            sights: Arc::new(self.sights(&hub, &life)),
            life: life.clone(),
            write: self.plan.write,
            spoil: life.ground.spoil(),
        });
        let asking = Arc::new(self.asking(&hub, &life));
        let mut cast = Cast::new().definition(Arc::clone(&self.plan.definition));
        for step in self.plan.definition.steps() {
            cast = cast.participant(Arc::clone(&step.participant), Own(Arc::clone(&asking)));
        }
        let mut stream = life.stream("orchestrator");
        let orchestrator = Orchestrator::start(config, life.host(), &mut stream, store, cast);
        let orchestrator = Arc::new(orchestrator);
        if !self.plan.signals.is_empty() {
            let hub = Arc::clone(&hub);
            life.spawn(pass_on(hub, life.clone(), Arc::downgrade(&orchestrator)));
        }
        if !self.plan.operator.is_empty() {
            let (plan, to) = (Arc::clone(&self.plan), Arc::downgrade(&orchestrator));
            life.spawn(operate(plan, (hub, life.clone()), to));
        }
        self.state.borrow_mut().alive = Some((life, orchestrator));
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        let exchange = match envelope.body {
            Body::Request(exchange) => exchange,
            Body::Cancel(exchange) => return self.cancel(&exchange),
            _ => return,
        };
        let (life, orchestrator) = {
            let state = &mut *self.state.borrow_mut();
            let Some((life, orchestrator)) = &state.alive else { return };
            self.waiting.wait(&exchange);
            (life.clone(), Arc::clone(orchestrator))
        };
        exchange.begin();
        life.spawn(async move {
            let answer = run(&orchestrator, self.plan.definition.name(), &exchange).await;
            drop(orchestrator);
            self.waiting.answer(&exchange, answer);
        });
    }

    fn end(&self, _: Death) {
        let before = self.figures();
        let ended = {
            let state = &mut *self.state.borrow_mut();
            state.before = before;
            state.alive.take()
        };
        if let Some((life, _)) = &ended
            && let Some(hub) = life.common::<Hub>(&self.plan.name)
        {
            hub.signals.dies(life.place().id());
            hub.orders.dies(life.place().id());
        }
        // Its tasks may look here.
        drop(ended);
    }

    fn ended(&self, death: Death) {
        self.waiting.end(death);
    }

    fn rows(&self, rows: &mut Rows) {
        let Figures { commands, retries, taken_over } = self.figures();
        rows.add("commands", commands);
        rows.add("retries", retries);
        rows.add("taken_over", taken_over);
    }
}

/// Has a saga run for a request, once for all its tries.
async fn run(orchestrator: &Orchestrator<Host>, name: &str, exchange: &Exchange) -> Answer {
    let (id, about) = (id_of(exchange.request.key), exchange.subject().to_string());
    let unavailable = || failed(Status::UNAVAILABLE);
    if orchestrator.begin(id.clone(), name, about.into_bytes()).await.is_err() {
        return unavailable();
    }
    match orchestrator.ended(&id).await {
        Ok(Phase::Completed) => Ok(Content::default()),
        Ok(Phase::Compensated) => failed(Status::CONFLICT),
        _ => unavailable(),
    }
}
