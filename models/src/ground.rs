//! What components do in a world on their own.

use std::any::Any;
use std::sync::Arc;

use cascadia_patterns::call::{Baggage, BoxFuture, Call as _, TraceId};
use cascadia_runtime::Runtime as _;

use crate::component::{Body, Envelope, Ground, Place, PlaceId, Sent};
use crate::exchange::{Cause, Origin, Request};
use crate::hop::Hop;
use crate::network::{Message, MessageKind};
use crate::plan::{EndpointId, Instance, Party};
use crate::tcp::Host;
use crate::world::World;

/// A world, as the components in it see it.
pub(crate) struct WorldGround(pub(crate) Arc<World>);

impl WorldGround {
    /// Who is at two places. Nothing can be sent to a source of load.
    fn parties(&self, (from, to): (PlaceId, PlaceId)) -> Option<(Party, Instance)> {
        let directory = &self.0.directory;
        let Party::Instance(to) = directory.party(to) else { return None };
        Some((directory.party(from), to))
    }
}

impl Ground for WorldGround {
    fn changed(&self, place: &Place, from: &'static str, to: &'static str) {
        let World { lanes, sim, .. } = &*self.0;
        lanes.borrow_mut().change(place.name(), from, sim.now(), to);
    }

    fn find(&self, name: &str) -> Vec<PlaceId> {
        let World { plan, directory, .. } = &*self.0;
        let called_so = plan.groups().find(|id| plan.name(*id) == name);
        let places = called_so.into_iter().flat_map(|service| {
            let instance = move |replica| Instance { service, replica };
            (0..plan.replicas(service)).map(instance)
        });
        places.map(|at| directory.place(Party::Instance(at))).collect()
    }

    fn host(&self, at: PlaceId) -> Option<Host> {
        let party = self.0.directory.party(at);
        let Party::Instance(instance) = party else { return None };
        Some(self.0.directory.find(instance).host(party))
    }

    fn send(
        &self,
        between: (PlaceId, PlaceId),
        key: u64,
        message: Box<dyn Any + Send>,
        sent: Sent,
    ) {
        let World { sim, network, directory, .. } = &*self.0;
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
        let Some((from, to)) = self.parties(between) else {
            return Box::pin(async { Err(Cause::Failed) });
        };
        let (place, hop) = (between.0, Arc::new(Hop::new(&self.0, from, to)));
        let trace = TraceId((u128::from(place.0) << 64) | u128::from(key));
        let baggage = Baggage { trace, ..Baggage::default() };
        let request = Request::new(baggage, (EndpointId(0), key), Origin::Own { place }, None);
        Box::pin(async move {
            let answer = hop.call(request).await;
            answer.map(drop).map_err(|failure| Cause::of(&failure))
        })
    }
}
