//! Policy stacks: the real layers, around hops.
//!
//! Layers outside the balancer exist once for a caller and its target, layers inside it once for
//! each replica of the target. All call sites of a replica that name the same policy and target
//! share them. They live and die with their caller.

mod connection;
mod fallback;
mod observer;

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::breaker::BreakerLayer;
use cascadia_patterns::breaker::document::DocumentLayer;
use cascadia_patterns::bulkhead::BulkheadLayer;
use cascadia_patterns::call::DefaultClassifier;
use cascadia_patterns::deadline::DeadlineLayer;
use cascadia_patterns::env::Env;
use cascadia_patterns::fallback::FallbackLayer;
use cascadia_patterns::hedge::HedgeLayer;
use cascadia_patterns::limit::LimitLayer;
use cascadia_patterns::outlier::OutlierLayer;
use cascadia_patterns::rate_limit::RateLimitLayer;
use cascadia_patterns::retry::RetryLayer;
use cascadia_patterns::shed::{DagorLayer, QueueLayer, WaitGauge};
use cascadia_patterns::throttle::ThrottleLayer;
use cascadia_patterns::timeout::TimeoutLayer;
use cascadia_sim_core::Sim;

use self::connection::ConnectionLayer;
use self::observer::Observer;
use crate::hop::Hop;
use crate::model::Model;
use crate::network::Wire;
use crate::plan::{Instance, KeyBy, LayerId, LayerPlan, Party, ServiceId, StackId};
use crate::request::{Content, Request, Route, ServiceError};
use crate::service::Station;

/// Whose stacks are built.
pub(crate) struct Caller<'a> {
    pub(crate) party: Party,
    pub(crate) name: &'a str,
    pub(crate) incarnation: u64,
}

/// The ways of `caller` to each of `sites`.
pub(crate) fn routes(
    model: &Arc<Model>,
    caller: &Caller<'_>,
    sites: &[(ServiceId, Option<StackId>)],
) -> Vec<Route> {
    let shared = |target| sites.iter().filter(|(service, _)| *service == target).count() > 1;
    let route = |(target, stack): &(ServiceId, Option<StackId>)| {
        let name = &model.plan.services[target.0 as usize].name;
        let policy = model.plan.stack_name(*stack);
        let way = format!("→ {name}");
        let ambiguous = shared(*target);
        let builder = Builder { model, caller, stack: *stack, policy, way, ambiguous };
        builder.outbound(*target, name)
    };
    sites.iter().map(route).collect()
}

/// The way of requests to the queue of the replica `caller`, and who wants to know how long they
/// wait in it.
pub(crate) fn inbound(
    model: &Arc<Model>,
    caller: &Caller<'_>,
    stack: StackId,
    station: Station,
) -> (Route, Vec<Arc<WaitGauge>>) {
    let service = station.replica.service;
    let way = format!("into {}", model.plan.services[service.0 as usize].name);
    let policy = model.plan.stack_name(Some(stack));
    let builder = Builder { model, caller, stack: Some(stack), policy, way, ambiguous: false };
    let mut waits = Vec::new();
    let station = Arc::new(station);
    let route = builder.wrap_watched(builder.layers(), 0, "inbound", station, &mut waits);
    (route, waits)
}

struct Builder<'a> {
    model: &'a Arc<Model>,
    caller: &'a Caller<'a>,
    stack: Option<StackId>,
    /// What its layers are called after.
    policy: &'a str,
    /// Where its calls go, in words.
    way: String,
    /// The caller reaches the same target through other policies too.
    ambiguous: bool,
}

impl Builder<'_> {
    fn layers(&self) -> &[LayerPlan] {
        self.model.plan.layers(self.stack)
    }

    fn outbound(&self, target: ServiceId, name: &str) -> Route {
        let (plan, layers) = (&self.model.plan, self.layers());
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
            let hop = Hop { model: Arc::clone(self.model), wire };
            self.wrap(inner, outer.len() + 1, &format!("{name}/{replica}"), Arc::new(hop))
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
        self.wrap_watched(layers, first, target, inner, &mut Vec::new())
    }

    /// Does so, and adds to `waits` who wants to know how long requests wait behind it.
    fn wrap_watched(
        &self,
        layers: &[LayerPlan],
        first: usize,
        target: &str,
        inner: Route,
        waits: &mut Vec<Arc<WaitGauge>>,
    ) -> Route {
        layers.iter().enumerate().rev().fold(inner, |inner, (index, layer)| {
            let env = |kind| self.env(target, first + index, kind);
            match layer.clone() {
                LayerPlan::Timeout(config) => TimeoutLayer::new(config, env("timeout"), inner),
                LayerPlan::Retry(config) => RetryLayer::new(config, env("retry"), inner),
                LayerPlan::Breaker(config) => BreakerLayer::new(config, env("breaker"), inner),
                LayerPlan::DocumentBreaker(config) => {
                    DocumentLayer::new(config, env("breaker"), inner)
                }
                LayerPlan::KeyedBulkhead(config, by) => {
                    BulkheadLayer::keyed(config, Box::new(key(by)), env("bulkhead"), inner)
                }
                LayerPlan::Pool(config) => BulkheadLayer::pool(config, env("thread_pool"), inner),
                LayerPlan::Limit(config) => LimitLayer::new(config, env("limit"), inner),
                LayerPlan::RateLimit(config) => {
                    RateLimitLayer::new(config, env("rate_limit"), inner)
                }
                LayerPlan::Dagor(config) => {
                    let gauge = WaitGauge::new(config);
                    waits.push(Arc::clone(&gauge));
                    DagorLayer::new(gauge, env("shed"), inner)
                }
                LayerPlan::Queue(config) => QueueLayer::new(config, None, env("shed"), inner),
                LayerPlan::Bulkhead(config) => BulkheadLayer::new(config, env("bulkhead"), inner),
                LayerPlan::Hedge(config) => HedgeLayer::new(config, env("hedge"), inner),
                LayerPlan::Fallback(steps) => {
                    FallbackLayer::new(env("fallback"), inner, self.chain(&steps))
                }
                LayerPlan::Throttle(config) => ThrottleLayer::new(config, env("throttle"), inner),
                LayerPlan::Outlier(_) => unreachable!("it is put around a balancer"),
                LayerPlan::Connection(plan) => ConnectionLayer::new(plan, env("connection"), inner),
                LayerPlan::Deadline(config) => DeadlineLayer::new(config, env("deadline"), inner),
                LayerPlan::Balance(_) => unreachable!("a stack balances once"),
            }
        })
    }

    fn env(&self, target: &str, index: usize, kind: &str) -> Env<Sim, Content, ServiceError> {
        let sim = self.model.sim;
        let entity = format!("{} → {target}", self.caller.name);
        let purpose = format!("{}.{index} {kind}", self.policy);
        let mut name = format!("{entity} {kind}");
        if self.ambiguous {
            name = format!("{name} of {}", self.policy);
        }
        let measured = self.measured_as(index, kind);
        let measured = measured.as_ref().map(|(layer, name)| (*layer, name.as_str()));
        let identity = format!("{entity} {purpose}");
        let observer = Observer::new(self.model, &identity, name, measured);
        Env {
            world: sim,
            classify: Arc::new(DefaultClassifier),
            observe: Arc::new(observer),
            stream: sim.stream(&entity, &purpose, self.caller.incarnation),
        }
    }

    /// The layer of the plan, and the name under which all its instances are measured together.
    fn measured_as(&self, index: usize, kind: &str) -> Option<(LayerId, String)> {
        let layer = LayerId { stack: self.stack?, layer: index as u32 };
        self.layers().get(index)?;
        let place = self.model.plan.stacks[layer.stack.0 as usize].place(index);
        Some((layer, format!("{}{place}.{kind} {}", self.policy, self.way)))
    }
}

fn key(by: KeyBy) -> impl Fn(&Request) -> u64 {
    move |request| match by {
        KeyBy::Endpoint => u64::from(request.endpoint.0),
        KeyBy::Load => u64::from(request.origin.load.0),
        KeyBy::Priority => u64::from(request.context.priority),
    }
}
