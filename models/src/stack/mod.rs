//! Policy stacks: the real layers, around hops.
//!
//! Layers outside the balancer exist once for a caller and its target, layers inside it once for
//! each replica of the target. All call sites of a replica that name the same policy and target
//! share them. They live and die with their caller.

mod around;
mod counted;
mod env;
mod follow;
mod inbound;
mod observer;

use std::sync::Arc;

use cascadia_patterns::balance::BalanceKind;
use cascadia_runtime::Identity;

use self::counted::counted;

pub(crate) use self::around::followed;
pub(crate) use self::inbound::inbound;

use crate::component::{Member, PlaceId};
use crate::exchange::Route;
use crate::hop::hop;
use crate::layers::{
    AtQueue, Balancer, LayerPlan, Place, Site, Surroundings as _, Target, balancer,
};
use crate::plan::{Instance, ServiceId, StackId};
use crate::trace::What;
use crate::world::World;

/// Whose stacks are built.
#[derive(Clone)]
pub(crate) struct Caller {
    /// Where it is; of several clients with the same stack, where the first is.
    pub(crate) place: PlaceId,
    pub(crate) name: String,
    pub(crate) identity: Identity,
    pub(crate) incarnation: u64,
}

/// The ways of `caller` to each of `sites`.
pub(crate) fn routes(
    world: &Arc<World>,
    caller: &Caller,
    sites: &[(ServiceId, Option<StackId>)],
) -> Vec<Route> {
    let route = |(target, stack): &(ServiceId, Option<StackId>)| {
        let name = world.names.group(*target);
        let policy = world.names.stack(*stack);
        let identity = world.plan.way_identity(caller.identity, *target, *stack);
        let way = format!("→ {name}");
        let ambiguous = sites.iter().filter(|(other, _)| other == target).count() > 1;
        let repeated = sites.iter().filter(|(_, other)| other == stack).count() > 1;
        let builder = Builder {
            world: Arc::clone(world),
            caller: caller.clone(),
            identity,
            stack: *stack,
            policy: policy.to_owned(),
            apart: String::new(),
            way,
            ambiguous,
            repeated,
        };
        builder.way(*target)
    };
    sites.iter().map(route).collect()
}

#[derive(Clone)]
struct Builder {
    world: Arc<World>,
    caller: Caller,
    /// That of the way through the stack.
    identity: Identity,
    stack: Option<StackId>,
    /// What its layers are called after.
    policy: String,
    /// What tells them from others of the caller that are called the same.
    apart: String,
    /// Where its calls go, in words.
    way: String,
    /// The caller reaches the same target through other policies too.
    ambiguous: bool,
    /// The caller has the same layers more than once.
    repeated: bool,
}

impl Builder {
    fn layers(&self) -> &[LayerPlan] {
        self.world.plan.layers(self.stack)
    }

    /// The way of calls to `target`.
    fn way(&self, target: ServiceId) -> Route {
        let way = counted(&self.world, target, self.outbound(target));
        followed(&self.world, || What::Call(target), way)
    }

    fn outbound(&self, target: ServiceId) -> Route {
        let (outer, kind, _) = split(self.layers());
        let members = self.world.directory.members(target);
        let is_led = self.world.directory.is_led(target);
        let can_change = is_led && self.world.plan.replicas(target) > 1;
        let follows = can_change || self.world.plan.scales(target).next().is_some();
        let all = Target::Service(target);
        let of_several =
            Self { repeated: self.repeated || follows || members.len() > 1, ..self.clone() };
        let endpoint = |member: &Member| (member.instance, of_several.endpoint(member.instance));
        // With one endpoint there is nothing to choose, and most services have one.
        // A copy must be refused all the same.
        let copies = |layer: &LayerPlan| layer.repeats().is_some_and(|it| it.copies.is_some());
        if let [only] = &members[..]
            && !follows
            && !outer.iter().any(copies)
        {
            return self.wrap(outer, 0, all, endpoint(only).1);
        }
        let endpoints = members.iter().map(endpoint).collect();
        let balancer = balancer(kind, self.env(all, outer.len(), "balance"), endpoints);
        let way = self.around_balancer(outer, all, &balancer);
        if follows { of_several.follow(target, &balancer, way) } else { way }
    }

    /// Puts `layers` around a balancer, to which the last of them may stand close.
    fn around_balancer(
        &self,
        layers: &[LayerPlan],
        target: Target,
        balancer: &Arc<Balancer>,
    ) -> Route {
        let balancer = Arc::clone(balancer);
        let Some((beside, outer)) = layers.split_last() else { return balancer };
        let at_queue = &mut AtQueue::default();
        let site = self.site(beside, outer.len(), target, at_queue);
        let balanced = beside.build_around(site, balancer);
        self.wrap(outer, 0, target, self.followed(beside, target, balanced))
    }

    /// The way to one replica from where it has been chosen.
    fn endpoint(&self, to: Instance) -> Route {
        let (outer, _, inner) = split(self.layers());
        let hop = hop(&self.world, self.caller.place, to);
        self.wrap(inner, outer.len() + 1, Target::Replica(to), hop)
    }

    /// Puts `layers` around `inner`; the first of them is number `first` of the stack.
    fn wrap(&self, layers: &[LayerPlan], first: usize, target: Target, inner: Route) -> Route {
        self.wrap_before(layers, first, target, inner, &mut AtQueue::default())
    }

    /// Does so before a queue, and adds what they have to do there.
    fn wrap_before(
        &self,
        layers: &[LayerPlan],
        first: usize,
        target: Target,
        inner: Route,
        at_queue: &mut AtQueue,
    ) -> Route {
        layers.iter().enumerate().rev().fold(inner, |inner, (index, layer)| {
            let built = layer.build(self.site(layer, first + index, target, at_queue), inner);
            self.followed(layer, target, built)
        })
    }

    /// A layer on the way to somebody else is followed if anybody is.
    fn followed(&self, layer: &LayerPlan, target: Target, built: Route) -> Route {
        let to = match target {
            Target::Service(service) => service,
            Target::Replica(instance) => instance.service,
            Target::Queue => return built,
        };
        followed(&self.world, || What::Layer(layer.kind(), to), built)
    }

    fn site<'a>(
        &'a self,
        layer: &LayerPlan,
        index: usize,
        target: Target,
        at_queue: &'a mut AtQueue,
    ) -> Site<'a> {
        Site { stack: self, target, index, kind: layer.kind(), kinds: layer.kinds, at_queue }
    }
}

/// The layers outside the balancer, how it chooses, and the layers inside it.
fn split(layers: &[LayerPlan]) -> (&[LayerPlan], BalanceKind, &[LayerPlan]) {
    let balancer = |(index, layer): (usize, &LayerPlan)| match layer.place() {
        Place::Balancer(kind) => Some((index, kind)),
        _ => None,
    };
    match layers.iter().enumerate().find_map(balancer) {
        Some((at, kind)) => (&layers[..at], kind, &layers[at + 1..]),
        None => (layers, BalanceKind::default(), &[]),
    }
}

/// The ways to all replicas of a store from one of them, through no policy.
pub(crate) fn members(world: &Arc<World>, from: PlaceId, store: ServiceId) -> Arc<[Route]> {
    let members = world.directory.members(store).into_iter();
    members.map(|member| hop(world, from, member.instance)).collect()
}
