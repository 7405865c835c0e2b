//! Sources of load.

mod closed;
mod keys;
mod open;

use std::sync::Arc;

use cascadia_patterns::call::{Baggage, BoxFuture, Failure, TraceId};
use cascadia_runtime::{Draw, Identity, Time};
use cascadia_sim_core::{NodeId, Sim};

use crate::blame::{Blame, News};
use crate::component::Place;
use crate::draws::Purpose;
use crate::exchange::{Answer, Ended, Origin, Request, Route, ServiceError, Subject};
use crate::measure::Ticket;
use crate::plan::{Arrivals, LoadId, LoadPlan, Party};
use crate::stack::{Caller, followed, routes};
use crate::tcp::Host;
use crate::trace::What;
use crate::world::{EventKind, World};

pub use self::keys::Keys;

use self::keys::Sampler;

/// A source of load at run time.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    id: LoadId,
    /// Where its clients are.
    pub(crate) node: NodeId,
}

impl Load {
    pub(crate) fn new(world: &World, id: LoadId) -> Self {
        Self { id, node: world.sim.node(world.names.load(id)) }
    }

    /// Begins to send.
    pub(crate) fn start(&self, world: &Arc<World>) {
        let plan = &world.plan.loads[self.id.0 as usize];
        let sender = Arc::new(Sender {
            world: Arc::clone(world),
            routes: (0..plan.population).map(|client| self.route(world, client)).collect(),
            load: self.id,
            node: self.node,
            keys: plan.keys.map(Keys::sampler),
            safe: world.plan.endpoint(plan.service, plan.endpoint).safe,
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
    fn route(&self, world: &Arc<World>, client: u32) -> Route {
        let plan = &world.plan.loads[self.id.0 as usize];
        let (name, identity) = self.called(world, client, plan.population);
        let place = world.directory.client(self.id, client);
        let caller = Caller { place, name, identity, incarnation: 0 };
        let site = (plan.service, plan.policy);
        let route = routes(world, &caller, &[site]).pop().expect("one site has one route");
        followed(world, || What::Request(self.id), route)
    }

    /// What a client is called, who needs no number where it is the only one.
    fn called(&self, world: &World, client: u32, of: u32) -> (String, Identity) {
        let (name, identity) = (world.names.load(self.id), world.plan.load_identity(self.id));
        match of {
            1 => (name.to_owned(), identity),
            _ => (format!("{name}/{client}"), identity.number(client.into())),
        }
    }

    /// The machine of a client. Links and faults that name the load reach it.
    pub(crate) fn host(&self, world: &World, client: u32) -> Host {
        let plan = &world.plan.loads[self.id.0 as usize];
        let (name, identity) = self.called(world, client, plan.clients());
        let at = world.directory.client(self.id, client);
        let place = Place::new(at, name, identity, self.node);
        world.machines.host(&place, Party::Load(self.id), None)
    }
}

/// What the tasks of a source of load share.
struct Sender {
    world: Arc<World>,
    /// That of each client.
    routes: Vec<Route>,
    load: LoadId,
    node: NodeId,
    /// What its requests are about.
    keys: Option<Sampler>,
    safe: bool,
}

impl Sender {
    fn plan(&self) -> &LoadPlan {
        &self.world.plan.loads[self.load.0 as usize]
    }

    fn identity(&self) -> Identity {
        self.world.plan.load_identity(self.load)
    }

    fn sim(&self) -> Sim {
        self.world.sim
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.world.sim.spawn_on(self.node, task);
    }

    /// Sends a request of a client that was to be sent at `sent`, and waits for its end.
    async fn send(self: Arc<Self>, client: u32, key: u64, sent: Time) {
        self.world.emit(self.load.0, EventKind::Sent, key);
        let ticket = Ticket::new(self.world.load(self.load), key, sent);
        let answer = self.call(client, key, sent).await;
        let ended = Ended::of(&answer);
        let news = self.world.load(self.load).borrow_mut().heard(key);
        let why = answer.as_ref().err().map(|failure| self.why(failure, news));
        ticket.end(key, self.world.now(), &answer, ended, why);
        self.world.emit(self.load.0, EventKind::Ended, ended.index() as u64);
    }

    #[cold]
    fn why(&self, failure: &Failure<ServiceError>, news: Option<News>) -> Blame {
        let between = (None, self.plan().service);
        self.world.noted(self.world.blame(failure, between, news))
    }

    fn call(&self, client: u32, key: u64, sent: Time) -> BoxFuture<Answer> {
        let baggage = Baggage {
            safe: self.safe,
            priority: self.plan().priority,
            trace: TraceId((u128::from(self.load.0) << 64) | u128::from(key)),
            ..Baggage::default()
        };
        let about = |keys: &Sampler| keys.sample(&mut Draw::new(key, Purpose::Subject.tag(), 0));
        let subject = self.keys.as_ref().map(about).map(Subject::new);
        let origin = Origin::User { load: self.load, client, sent, subject };
        let endpoint = self.plan().endpoint;
        let route = &self.routes[client as usize % self.routes.len()];
        Arc::clone(route).call(Request::new(baggage, (endpoint, key), origin, None))
    }
}
