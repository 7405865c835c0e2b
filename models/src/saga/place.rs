use std::sync::Arc;

use cascadia_patterns::saga::orchestrator::{Cast, Orchestrator, sights};
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::store::Store;
use cascadia_sim_core::Local;

use super::asking::{Asking, Ways};
use super::hub::Hub;
use super::plan::{SagaCall, SagaPlan};
use super::table::Table;
use super::waiting::Waiting;
use crate::component::{Body, Component, Death, Envelope, Life, Rows};
use crate::exchange::{Answer, Content, Status, failed};
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
            (Arc::clone(&step.name), Ways { act, undo, timeout: step.timeout })
        });
        Asking { hub: Arc::clone(hub), life: life.clone(), ways: steps.collect() }
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
        let seen = config.clone();
        let store: Arc<dyn Store> = Arc::new(Table {
            rows: hub.rows.clone(),
            witness: Arc::clone(&hub.witness),
            sights: Arc::new(move |commit| {
                let sights = sights(&seen, commit);
                Box::new(move || sights)
            }),
            life: life.clone(),
            write: self.plan.write,
        });
        let cast = Cast::new()
            .definition(Arc::clone(&self.plan.definition))
            .participant(&*self.plan.name, self.asking(&hub, &life));
        let mut stream = life.stream("orchestrator");
        let orchestrator = Orchestrator::start(config, life.host(), &mut stream, store, cast);
        self.state.borrow_mut().alive = Some((life, Arc::new(orchestrator)));
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        let Body::Request(exchange) = envelope.body else { return };
        let (life, orchestrator) = {
            let state = &mut *self.state.borrow_mut();
            let Some((life, orchestrator)) = &state.alive else { return };
            self.waiting.wait(&exchange);
            (life.clone(), Arc::clone(orchestrator))
        };
        exchange.begin();
        life.spawn(async move {
            let answer = run(&orchestrator, &self.plan.name, exchange.request.key).await;
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
async fn run(orchestrator: &Orchestrator<Host>, name: &str, request: u64) -> Answer {
    let id = format!("{request:016x}");
    let unavailable = || failed(Status::UNAVAILABLE);
    if orchestrator.begin(id.as_str(), name, "").await.is_err() {
        return unavailable();
    }
    match orchestrator.ended(&id.as_str().into()).await {
        Ok(Phase::Completed) => Ok(Content::default()),
        Ok(Phase::Compensated) => failed(Status::CONFLICT),
        _ => unavailable(),
    }
}
