//! Policy stacks: the real layers, around hops.
//!
//! Layers outside the balancer exist once for a caller and its target, layers inside it once for
//! each replica of the target. All call sites of a replica that name the same policy and target
//! share them. They live and die with their caller.

mod connection;
mod env;
mod fallback;
mod inbound;
mod observer;

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::breaker::BreakerLayer;
use cascadia_patterns::breaker::document::DocumentLayer;
use cascadia_patterns::bulkhead::BulkheadLayer;
use cascadia_patterns::deadline::DeadlineLayer;
use cascadia_patterns::fallback::FallbackLayer;
use cascadia_patterns::hedge::HedgeLayer;
use cascadia_patterns::limit::LimitLayer;
use cascadia_patterns::outlier::OutlierLayer;
use cascadia_patterns::rate_limit::RateLimitLayer;
use cascadia_patterns::retry::RetryLayer;
use cascadia_patterns::shed::{DagorLayer, QueueLayer, WaitGauge};
use cascadia_patterns::throttle::ThrottleLayer;
use cascadia_patterns::timeout::TimeoutLayer;

pub(crate) use self::inbound::{AtQueue, inbound};

use self::connection::ConnectionLayer;
use crate::exchange::{Request, Route};
use crate::hop::Hop;
use crate::network::Wire;
use crate::plan::{Instance, KeyBy, LayerPlan, Party, ServiceId, StackId};
use crate::world::World;

/// Whose stacks are built.
pub(crate) struct Caller<'a> {
    pub(crate) party: Party,
    pub(crate) name: &'a str,
    pub(crate) incarnation: u64,
}

/// The ways of `caller` to each of `sites`.
pub(crate) fn routes(
    world: &Arc<World>,
    caller: &Caller<'_>,
    sites: &[(ServiceId, Option<StackId>)],
) -> Vec<Route> {
    let route = |(target, stack): &(ServiceId, Option<StackId>)| {
        let name = &world.plan.services[target.0 as usize].name;
        let policy = world.plan.stack_name(*stack);
        let way = format!("→ {name}");
        let ambiguous = sites.iter().filter(|(other, _)| other == target).count() > 1;
        let repeated = sites.iter().filter(|(_, other)| other == stack).count() > 1;
        let builder =
            Builder { world, caller, stack: *stack, policy, apart: "", way, ambiguous, repeated };
        builder.outbound(*target, name)
    };
    sites.iter().map(route).collect()
}

struct Builder<'a> {
    world: &'a Arc<World>,
    caller: &'a Caller<'a>,
    stack: Option<StackId>,
    /// What its layers are called after.
    policy: &'a str,
    /// What tells them from others of the caller that are called the same.
    apart: &'a str,
    /// Where its calls go, in words.
    way: String,
    /// The caller reaches the same target through other policies too.
    ambiguous: bool,
    /// The caller has the same layers more than once.
    repeated: bool,
}

impl Builder<'_> {
    fn layers(&self) -> &[LayerPlan] {
        self.world.plan.layers(self.stack)
    }

    fn outbound(&self, target: ServiceId, name: &str) -> Route {
        let (plan, layers) = (&self.world.plan, self.layers());
        let balance = |layer: &LayerPlan| matches!(layer, LayerPlan::Balance(_));
        let at = layers.iter().position(balance);
        let (outer, inner) = layers.split_at(at.unwrap_or(layers.len()));
        let (kind, inner) = match inner.split_first() {
            Some((LayerPlan::Balance(kind), inner)) => (*kind, inner),
            _ => (BalanceConfig::default().kind, inner),
        };
        let replicas = plan.services[target.0 as usize].replicas;
        let endpoint = |replica| {
            let to = Instance { service: target, replica };
            let wire = Wire::new(plan, self.caller.party, to);
            let target = self.world.directory.find(to);
            let hop = Hop { world: Arc::clone(self.world), wire, target };
            let repeated = self.repeated || replicas > 1;
            let builder = Builder { repeated, way: self.way.clone(), ..*self };
            builder.wrap(inner, outer.len() + 1, &format!("{name}/{replica}"), Arc::new(hop))
        };
        let (outlier, outer) = match outer.split_last() {
            Some((LayerPlan::Outlier(outlier), outer)) => (Some(*outlier), outer),
            _ => (None, outer),
        };
        // With one endpoint there is nothing to choose, and most services have one.
        // A copy must be refused all the same.
        let hedges = outer.iter().any(|layer| matches!(layer, LayerPlan::Hedge(_)));
        if replicas == 1 && !hedges {
            return self.wrap(outer, 0, name, endpoint(0));
        }
        let at = outer.len() + usize::from(outlier.is_some());
        let endpoints = (0..replicas).map(endpoint).collect();
        let env = self.env(name, at, "balance");
        let balance = BalanceLayer::new(BalanceConfig { kind }, env, endpoints);
        let balanced: Route = match outlier {
            Some(config) => {
                OutlierLayer::new(config, self.env(name, outer.len(), "outlier"), balance)
            }
            None => balance,
        };
        self.wrap(outer, 0, name, balanced)
    }

    /// Puts `layers` around `inner`; the first of them is number `first` of the stack.
    fn wrap(&self, layers: &[LayerPlan], first: usize, target: &str, inner: Route) -> Route {
        self.wrap_before(layers, first, target, inner, &mut AtQueue::default())
    }

    /// Does so before a queue, and adds what they have to do there.
    fn wrap_before(
        &self,
        layers: &[LayerPlan],
        first: usize,
        target: &str,
        inner: Route,
        at_queue: &mut AtQueue,
    ) -> Route {
        layers.iter().enumerate().rev().fold(inner, |inner, (index, layer)| {
            let env = self.env(target, first + index, layer.kind());
            match layer.clone() {
                LayerPlan::Timeout(config) => TimeoutLayer::new(config, env, inner),
                LayerPlan::Retry(config) => RetryLayer::new(config, env, inner),
                LayerPlan::Breaker(config) => BreakerLayer::new(config, env, inner),
                LayerPlan::DocumentBreaker(config) => DocumentLayer::new(config, env, inner),
                LayerPlan::KeyedBulkhead(config, by) => {
                    BulkheadLayer::keyed(config, Box::new(key(by)), env, inner)
                }
                LayerPlan::Pool(config) => BulkheadLayer::pool(config, env, inner),
                LayerPlan::Limit(config) => LimitLayer::new(config, env, inner),
                LayerPlan::RateLimit(config) => RateLimitLayer::new(config, env, inner),
                LayerPlan::Dagor(config) => {
                    let gauge = WaitGauge::new(config);
                    at_queue.waits.push(Arc::clone(&gauge));
                    DagorLayer::new(gauge, env, inner)
                }
                LayerPlan::Queue(config) => QueueLayer::new(config, None, env, inner),
                LayerPlan::Bulkhead(config) => BulkheadLayer::new(config, env, inner),
                LayerPlan::Hedge(config) => HedgeLayer::new(config, env, inner),
                LayerPlan::Fallback(steps) => {
                    let chain = self.chain(&steps, first + index, target);
                    FallbackLayer::new(env, inner, chain)
                }
                LayerPlan::Throttle(config) => ThrottleLayer::new(config, env, inner),
                LayerPlan::Outlier(_) => unreachable!("it is put around a balancer"),
                LayerPlan::Connection(plan) => ConnectionLayer::new(plan, env, inner),
                LayerPlan::Deadline(config) => {
                    let layer = DeadlineLayer::new(config, env, inner);
                    at_queue.deadlines.push(Arc::clone(&layer));
                    layer
                }
                LayerPlan::Balance(_) => unreachable!("a stack balances once"),
            }
        })
    }
}

fn key(by: KeyBy) -> impl Fn(&Request) -> u64 {
    move |request| match by {
        KeyBy::Endpoint => u64::from(request.endpoint.0),
        KeyBy::Load => u64::from(request.origin.load.0),
        KeyBy::Priority => u64::from(request.context.priority),
    }
}
