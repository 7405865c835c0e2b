//! What components do in a world on their own.

use std::any::Any;
use std::sync::{Arc, Weak};

use cascadia_patterns::call::{Baggage, BoxFuture, Call as _, TraceId};
use cascadia_runtime::Runtime as _;

use crate::component::{Body, Envelope, Ground, Place, PlaceId, Sent, Watcher};
use crate::exchange::{Cause, Origin, Request};
use crate::hop::Hop;
use crate::load::Load;
use crate::network::{Message, MessageKind};
use crate::plan::{EndpointId, Instance, Party, ServiceId};
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

    fn send(
        &self,
        between: (PlaceId, PlaceId),
        key: u64,
        message: Box<dyn Any + Send>,
        sent: Sent,
    ) {
        let World { sim, network, directory, .. } = &*self.world;
        let delay = self.parties(between).and_then(|(from, to)| {
            let wire = network.wire(from, Party::Instance(to));
            Some((network.delay(&wire, &Message::first(key, MessageKind::Own))?, to))
        });
        let Some((delay, to)) = delay else { return sent.end(false) };
        let (target, (from, to)) = (directory.find(to), between);
        sim.at(sim.now().after(delay), move || {
            sent.end(target.deliver(Envelope { from, to, body: Body::Message(message) }));
        });
    }

    fn ask(&self, between: (PlaceId, PlaceId), key: u64) -> BoxFuture<Result<(), Cause>> {
        let Some((_, to)) = self.parties(between) else {
            return Box::pin(async { Err(Cause::Failed) });
        };
        let (place, hop) = (between.0, Arc::new(Hop::new(&self.world, between.0, to)));
        let trace = TraceId((u128::from(place.0) << 64) | u128::from(key));
        let baggage = Baggage { trace, ..Baggage::default() };
        let request = Request::new(baggage, (EndpointId(0), key), Origin::Own { place }, None);
        Box::pin(async move {
            let answer = hop.call(request).await;
            answer.map(drop).map_err(|failure| Cause::of(&failure))
        })
    }
}
