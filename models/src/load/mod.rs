//! Sources of load.

mod closed;
mod open;

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Context, TraceId};
use cascadia_runtime::Time;
use cascadia_sim_core::{Local, NodeId, Sim};

use crate::measure::{Ended, LoadMeter, Ticket};
use crate::model::{Kind, Model};
use crate::plan::{Arrivals, LoadId, LoadPlan, Party, Plan, Subject};
use crate::request::{Answer, Cause, Origin, Request, Route};
use crate::stack::{Caller, routes};

/// A source of load at run time.
pub(crate) struct Load {
    id: LoadId,
    node: NodeId,
    pub(crate) meter: Local<LoadMeter>,
}

impl Load {
    pub(crate) fn new(sim: Sim, plan: &Plan, index: u32) -> Self {
        let id = LoadId(index);
        let mine = plan.probes.iter().filter(|probe| probe.subject == Subject::Load(id));
        let meter = LoadMeter::new(plan.warmup, plan.duration, mine.copied().collect());
        let node = sim.node(&plan.loads[index as usize].name);
        Self { id, node, meter: Local::new(meter) }
    }

    /// Begins to send.
    pub(crate) fn start(&self, model: &Arc<Model>) {
        let plan = &model.plan.loads[self.id.0 as usize];
        let sender = Arc::new(Sender {
            model: Arc::clone(model),
            routes: (0..plan.population).map(|client| self.route(model, client)).collect(),
            load: self.id,
            node: self.node,
            safe: model.plan.endpoint(plan.service, plan.endpoint).safe,
        });
        match &plan.arrivals {
            Arrivals::Poisson(rate) => sender.spawn(open::poisson(Arc::clone(&sender), *rate)),
            Arrivals::Constant(rate) => sender.spawn(open::constant(Arc::clone(&sender), *rate)),
            Arrivals::Closed { clients, think } => {
                for client in 0..*clients {
                    let think = think.clone();
                    sender.spawn(closed::client(Arc::clone(&sender), client, think));
                }
            }
        }
    }

    /// The way of a client's requests. Policies of their own make it somebody of its own.
    fn route(&self, model: &Arc<Model>, client: u32) -> Route {
        let plan = &model.plan.loads[self.id.0 as usize];
        let own = format!("{}/{client}", plan.name);
        let name = if plan.population == 1 { &plan.name } else { &own };
        let caller = Caller { party: Party::Load(self.id), name, incarnation: 0 };
        let site = (plan.service, plan.policy);
        routes(model, &caller, &[site]).pop().expect("one site has one route")
    }

    /// A try was sent for a request.
    pub(crate) fn tried(&self, sent: Time) {
        self.meter.borrow_mut().tried(sent);
    }

    /// A request came without the trace of the one that it was made for.
    pub(crate) fn orphaned(&self) {
        self.meter.borrow_mut().orphaned();
    }

    /// A budget denied a retry.
    pub(crate) fn denied(&self) {
        self.meter.borrow_mut().denied();
    }
}

/// What the tasks of a source of load share.
struct Sender {
    model: Arc<Model>,
    /// That of each client.
    routes: Vec<Route>,
    load: LoadId,
    node: NodeId,
    safe: bool,
}

impl Sender {
    fn plan(&self) -> &LoadPlan {
        &self.model.plan.loads[self.load.0 as usize]
    }

    fn sim(&self) -> Sim {
        self.model.sim
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.model.sim.spawn_on(self.node, task);
    }

    /// Sends a request of a client that was to be sent at `sent`, and waits for its end.
    async fn send(self: Arc<Self>, client: u32, key: u64, sent: Time) {
        self.model.emit(self.load.0, Kind::Sent, key);
        let ticket = Ticket::new(&self.model.load(self.load).meter, key, sent);
        let answer = self.call(client, key, sent).await;
        let ended = ended(&answer);
        let degraded = answer.is_ok_and(|content| content.degraded);
        ticket.end(self.model.now(), ended, degraded);
        self.model.emit(self.load.0, Kind::Ended, ended.index() as u64);
    }

    fn call(&self, client: u32, key: u64, sent: Time) -> BoxFuture<Answer> {
        let context = Context {
            safe: self.safe,
            priority: self.plan().priority,
            trace: TraceId((u128::from(self.load.0) << 64) | u128::from(key)),
            ..Context::default()
        };
        let origin = Origin { load: self.load, sent };
        let endpoint = self.plan().endpoint;
        let route = &self.routes[client as usize % self.routes.len()];
        Arc::clone(route).call(Request {
            context,
            endpoint,
            key,
            origin,
            accepted: None,
            parent: None,
        })
    }
}

fn ended(answer: &Answer) -> Ended {
    match answer {
        Ok(_) => Ended::Ok,
        Err(failure) => Ended::Failed(Cause::of(failure)),
    }
}
