use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::store::Store;
use cascadia_patterns::two_phase::{Coordinating, Decision, Participant, seen};
use cascadia_sim_core::Local;

use super::asking::Asking;
use super::hub::Hub;
use super::plan::TwoPhasePlan;
use crate::component::{Body, Component, Death, Envelope, Life, Rows};
use crate::effects::{Branch, Said, UnderWay, Word};
use crate::exchange::{Answer, Content, Exchange, Status, failed};
use crate::saga::table::Table;
use crate::saga::waiting::Waiting;
use crate::tcp::Host;

/// A place where it is decided what several services do together.
pub(super) struct Place {
    plan: Arc<TwoPhasePlan>,
    name: Arc<str>,
    state: Local<State>,
    waiting: Waiting,
}

#[derive(Default)]
struct State {
    /// Nothing while it is down.
    alive: Option<(Life, Arc<Coordinating<Host>>, Arc<Hub>)>,
    /// What is not decided here.
    open: Vec<UnderWay>,
    asked: u64,
}

impl Place {
    pub(super) fn new(plan: &Arc<TwoPhasePlan>, name: &str) -> Self {
        Self {
            plan: Arc::clone(plan),
            name: name.into(),
            state: Local::default(),
            waiting: Waiting::default(),
        }
    }

    /// The services that have its branches.
    fn participants(
        &self,
        hub: &Arc<Hub>,
        life: &Life,
    ) -> BTreeMap<Arc<str>, Arc<dyn Participant>> {
        let sites: Vec<_> = self.plan.steps.iter().map(|step| step.call.site()).collect();
        let routes = life.ground.routes(&life.place, &sites);
        let asking = |(step, route): (&super::plan::BranchStep, _)| {
            let asking = Asking {
                hub: Arc::clone(hub),
                life: life.clone(),
                saga: Arc::clone(&self.plan.name),
                step: Arc::clone(&step.name),
                way: (step.call, route),
                timeout: step.timeout,
            };
            (Arc::clone(&step.name), Arc::new(asking) as Arc<dyn Participant>)
        };
        self.plan.steps.iter().zip(routes).map(asking).collect()
    }

    /// Has something decided for a request, once for all its tries.
    async fn run(
        &self,
        coordinator: &Coordinating<Host>,
        (hub, life): (&Hub, &Life),
        exchange: &Exchange,
    ) -> Answer {
        let (request, about) = (exchange.request.key, exchange.subject());
        let name = SagaId::from(format!("{request:016x}/{about}"));
        let begun = hub.begins(&name, request, life.now());
        self.state.borrow_mut().open.extend(begun);
        let decided = coordinator.run(name.as_str(), &self.plan.names()).await;
        if let Some(_closed) = self.closes(&name) {
            hub.ends(&name, decided.clone().unwrap_or(Decision::Abort), life.now());
        }
        match decided {
            Ok(Decision::Commit) => Ok(Content::default()),
            Ok(Decision::Abort) => failed(Status::CONFLICT),
            Err(_) => failed(Status::UNAVAILABLE),
        }
    }

    /// Something is decided, if it was open here.
    fn closes(&self, name: &SagaId) -> Option<UnderWay> {
        let open = &mut self.state.borrow_mut().open;
        let at = open.iter().position(|known| known.saga() == name)?;
        Some(open.swap_remove(at))
    }
}

impl Component for Place {
    fn boot(self: Arc<Self>, life: Life) {
        let plan = &self.plan;
        let hub = life.common::<Hub>(&plan.name).expect("coordinators have a hub in common");
        let config = plan.config(Arc::clone(&self.name));
        let (own, told) = (config.clone(), Arc::clone(&hub));
        let store: Arc<dyn Store> = Arc::new(Table {
            rows: hub.rows.clone(),
            witness: Arc::clone(&hub.witness),
            sights: Arc::new(move |commits| {
                let seen = commits.iter().flat_map(|commit| seen(&own, commit)).collect();
                let told = Arc::clone(&told);
                Box::new(move || told.sights(seen))
            }),
            life: life.clone(),
            write: plan.write,
            spoil: life.ground.spoil(),
        });
        let numbers = life.stream("coordinator");
        let participants = self.participants(&hub, &life);
        let own = Coordinating::start(config, life.host(), numbers, store, participants);
        let own = Arc::new(own.expect("what makes no sense is refused with the plan"));
        self.state.borrow_mut().alive = Some((life, own, hub));
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        let Body::Request(exchange) = envelope.body else { return };
        let (life, coordinator, hub) = {
            let state = &mut *self.state.borrow_mut();
            let Some((life, coordinator, hub)) = &state.alive else { return };
            self.waiting.wait(&exchange);
            state.asked += u64::from(exchange.request.branch().is_none());
            (life.clone(), Arc::clone(coordinator), Arc::clone(hub))
        };
        exchange.begin();
        let own = life.clone();
        life.spawn(async move {
            let answer = match exchange.request.branch() {
                Some(branch) => inquire(&coordinator, branch).await,
                None => self.run(&coordinator, (&hub, &own), &exchange).await,
            };
            drop(coordinator);
            self.waiting.answer(&exchange, answer);
        });
    }

    fn end(&self, _: Death) {
        let (ended, open) = {
            let state = &mut *self.state.borrow_mut();
            (state.alive.take(), std::mem::take(&mut state.open))
        };
        // What it had not decided is presumed to be aborted.
        if let Some((life, _, hub)) = &ended {
            let now = life.now();
            open.iter().for_each(|it| hub.ends(it.saga(), Decision::Abort, now));
        }
        // Its tasks may look here.
        drop(ended);
    }

    fn ended(&self, death: Death) {
        self.waiting.end(death);
    }

    fn rows(&self, rows: &mut Rows) {
        rows.add("asked", self.state.borrow_mut().asked);
    }
}

/// Says what was decided to who is in doubt.
async fn inquire(coordinator: &Coordinating<Host>, branch: &Branch) -> Answer {
    let Word::Inquiry(id) = &branch.word else { return failed(Status::UNAVAILABLE) };
    match coordinator.decided(id).await {
        Ok(decided) => {
            branch.say(Said::Decided(decided));
            Ok(Content::default())
        }
        Err(_) => failed(Status::UNAVAILABLE),
    }
}
