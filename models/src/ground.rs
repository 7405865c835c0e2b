//! What components do in a world on their own.

use std::any::Any;
use std::sync::{Arc, Weak};

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::Runtime as _;

use crate::component::{Ground, Lane, Place, PlaceId, Watcher, Way};
use crate::effects::Branch;
use crate::exchange::{Cause, Request, Route};
use crate::hop::hop;
use crate::lane::WorldLane;
use crate::load::Load;
use crate::plan::{EndpointId, Instance, Party, ServiceId, Spoil, StackId};
use crate::stack::{Caller, routes};
use crate::tcp::Host;
use crate::world::World;

/// A world, as the components in it see it.
pub(crate) struct WorldGround {
    pub(crate) world: Arc<World>,
    pub(crate) loads: Vec<Load>,
}

impl WorldGround {
    /// Who is at two places. Nothing can be sent to a source of load.
    fn parties(&self, (from, to): (PlaceId, PlaceId)) -> Option<(Party, Instance)> {
        let directory = &self.world.directory;
        let Party::Instance(to) = directory.party(to) else { return None };
        Some((directory.party(from), to))
    }

    /// The group that is called so.
    fn group(&self, name: &str) -> Option<ServiceId> {
        let plan = &self.world.plan;
        plan.groups().find(|id| plan.name(*id) == name)
    }
}

impl Ground for WorldGround {
    fn changed(&self, place: &Place, from: &'static str, to: &'static str) {
        let World { lanes, sim, .. } = &*self.world;
        lanes.borrow_mut().change(place.name(), from, sim.now(), to);
    }

    fn spoil(&self) -> Option<Spoil> {
        self.world.plan.spoils.orchestrators.clone()
    }

    fn find(&self, name: &str) -> Vec<PlaceId> {
        let members = self.group(name).map(|id| self.world.directory.members(id));
        members.into_iter().flatten().map(|member| member.place).collect()
    }

    fn watch(&self, name: &str, watcher: Weak<Watcher>) {
        if let Some(group) = self.group(name) {
            self.world.directory.watch(group, watcher);
        }
    }

    fn host(&self, at: PlaceId) -> Host {
        let directory = &self.world.directory;
        if let Some((load, client)) = directory.client_at(at) {
            return self.loads[load.0 as usize].host(&self.world, client);
        }
        directory.resident(at).host(directory.party(at))
    }

    fn common(&self, name: &str) -> Option<Arc<dyn Any + Send + Sync>> {
        self.world.common(self.group(name)?)
    }

    fn lane(&self, way: Way, is_ordered: bool) -> Option<Arc<dyn Lane>> {
        let (from, to) = self.parties((way.from, way.to))?;
        let World { network, directory, .. } = &*self.world;
        let there = Party::Instance(to);
        let wire = match way.is_back {
            true => network.wire(there, from).reversed(),
            false => network.wire(from, there),
        };
        let target = directory.find(to);
        Some(WorldLane::new(&self.world, way.from, (wire, target), is_ordered))
    }

    fn routes(&self, from: &Place, sites: &[(ServiceId, Option<StackId>)]) -> Vec<Route> {
        let caller = Caller {
            place: from.id,
            name: from.name().to_owned(),
            identity: from.identity,
            incarnation: from.incarnation(),
        };
        routes(&self.world, &caller, sites)
    }

    fn ask(&self, between: (PlaceId, PlaceId), key: u64) -> BoxFuture<Result<(), Cause>> {
        self.send(between, key, |request| request)
    }

    fn inquire(
        &self,
        between: (PlaceId, PlaceId),
        key: u64,
        branch: Arc<Branch>,
    ) -> BoxFuture<Result<(), Cause>> {
        self.send(between, key, |request| request.branching(branch))
    }
}

impl WorldGround {
    fn send(
        &self,
        between: (PlaceId, PlaceId),
        key: u64,
        with: impl FnOnce(Request) -> Request,
    ) -> BoxFuture<Result<(), Cause>> {
        let Some((_, to)) = self.parties(between) else {
            return Box::pin(async { Err(Cause::Failed) });
        };
        let (place, hop) = (between.0, hop(&self.world, between.0, to));
        let request = with(Request::own(place, (EndpointId(0), key), false));
        Box::pin(async move {
            let answer = hop.call(request).await;
            answer.map(drop).map_err(|failure| Cause::of(&failure))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cascadia_patterns::shed::DisciplineConfig;
    use cascadia_runtime::{Net as _, Time};
    use cascadia_sim_core::{Local, Simulation};

    use super::*;
    use crate::laws::Law;
    use crate::model::Model;
    use crate::plan::{
        Arrivals, Link, Links, LoadId, LoadPlan, OnCancel, Plan, QueuePlan, ServicePlan, Skew,
        Source, Spoils, Workers,
    };
    use crate::world::Look;

    const DB: ServiceId = ServiceId(0);

    /// A service that so many clients call over a link of 7 ms.
    fn plan(clients: u32) -> Plan {
        let service = ServicePlan {
            name: "db".into(),
            replicas: 1,
            workers: Workers::Unlimited,
            queue: QueuePlan { capacity: None, discipline: DisciplineConfig::default() },
            on_cancel: OnCancel::Ignore,
            forward_deadline: true,
            inbound: None,
            refusal: Duration::ZERO,
            forwards_trace: true,
            store: None,
            endpoints: Vec::new(),
            consumes: Vec::new(),
            members: Vec::new(),
            branches: Vec::new(),
            own: None,
        };
        let load = LoadPlan {
            name: "users".into(),
            service: DB,
            endpoint: EndpointId(0),
            policy: None,
            priority: 0,
            arrivals: Arrivals::Closed { clients, think: Law::Constant(1e9) },
            population: 1,
            keys: None,
            from: Time::ZERO,
            until: Time::MAX,
        };
        let link = Link::new(Duration::from_millis(7));
        let between = [((Source::Load(LoadId(0)), DB), link)].into();
        Plan {
            seed: 1,
            duration: Time::from_nanos(1_000_000_000),
            warmup: Time::ZERO,
            services: vec![service],
            ledgers: Vec::new(),
            components: Vec::new(),
            stacks: Vec::new(),
            links: Links { default: None, between },
            loads: vec![load],
            faults: Vec::new(),
            probes: Vec::new(),
            spoils: Spoils::default(),
        }
    }

    #[test]
    fn the_clock_of_a_load_is_that_of_the_machines_of_its_clients() {
        let simulation = Simulation::new(1);
        let model = Model::new(simulation.sim(), Arc::new(plan(2)), Look::Nowhere);
        let Model { world, ground, clocks, loads, .. } = &model;
        let hosts = [0, 1].map(|client| ground.host(world.directory.client(LoadId(0), client)));
        let right = world.sim.wall();
        clocks.turn(loads[0].node, 0, Skew { ahead: 5, gains: 0 }, true);
        assert_eq!(hosts.map(|host| host.wall().since(right).as_nanos()), [5, 5]);
        assert_eq!(world.sim.wall(), right);
    }

    #[test]
    fn what_a_client_dials_goes_over_the_link_of_its_load() {
        let mut simulation = Simulation::new(1);
        let model = Model::new(simulation.sim(), Arc::new(plan(100_000)), Look::Nowhere);
        let Model { world, ground, .. } = &model;
        let clients = [0, 99_999].map(|client| world.directory.client(LoadId(0), client));
        assert_eq!(clients.map(|at| world.directory.party(at)), [Party::Load(LoadId(0)); 2]);
        let db = ground.host(ground.find("db")[0]).address(80);
        let refused = Arc::new(Local::new(Vec::new()));
        for client in clients {
            let (host, refused) = (ground.host(client), Arc::clone(&refused));
            world.sim.spawn_on(host.node(), async move {
                let kind = host.dial(db).await.map(drop).map_err(|error| error.kind());
                refused.borrow_mut().push((host.name().to_owned(), kind, host.now()));
            });
        }
        while !simulation.advance(Time::from_nanos(1_000_000_000), 1_000).unwrap() {}
        let refused = refused.borrow_mut().clone();
        let (kind, at) = (Err(std::io::ErrorKind::ConnectionRefused), Time::from_nanos(14_000_000));
        let expected = ["users/0", "users/99999"].map(|name| (name.to_owned(), kind, at));
        assert_eq!(refused, expected);
    }
}
