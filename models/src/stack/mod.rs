//! Policy stacks: the real layers, around hops.
//!
//! Layers outside the balancer exist once for a caller and its target, layers inside it once for
//! each replica of the target. All call sites of a replica that name the same policy and target
//! share them. They live and die with their caller.

mod observer;

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::breaker::BreakerLayer;
use cascadia_patterns::bulkhead::BulkheadLayer;
use cascadia_patterns::call::DefaultClassifier;
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::env::Env;
use cascadia_patterns::limit::LimitLayer;
use cascadia_patterns::rate_limit::RateLimitLayer;
use cascadia_patterns::retry::RetryLayer;
use cascadia_patterns::shed::{DagorLayer, QueueLayer, WaitGauge};
use cascadia_patterns::timeout::TimeoutLayer;
use cascadia_sim_core::Sim;

use self::observer::Observer;
use crate::hop::Hop;
use crate::model::Model;
use crate::network::Wire;
use crate::plan::{Instance, KeyBy, LayerPlan, Party, ServiceId, StackId};
use crate::request::{Request, Route, ServiceError};
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
        let policy = stack.map_or("", |stack| &model.plan.stacks[stack.0 as usize].name);
        let builder = Builder { model, caller, policy, ambiguous: shared(*target) };
        builder.outbound(*target, name, *stack)
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
    let plan = &model.plan.stacks[stack.0 as usize];
    let builder = Builder { model, caller, policy: &plan.name, ambiguous: false };
    let mut waits = Vec::new();
    let route = builder.wrap(&plan.layers, 0, "inbound", Arc::new(station), &mut waits);
    (route, waits)
}

struct Builder<'a> {
    model: &'a Arc<Model>,
    caller: &'a Caller<'a>,
    policy: &'a str,
    /// The caller reaches the same target through other policies too.
    ambiguous: bool,
}

impl Builder<'_> {
    fn outbound(&self, target: ServiceId, name: &str, stack: Option<StackId>) -> Route {
        let plan = &self.model.plan;
        let layers = stack.map_or(&[][..], |stack| &plan.stacks[stack.0 as usize].layers);
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
            self.wrap(
                inner,
                outer.len() + 1,
                &format!("{name}/{replica}"),
                Arc::new(hop),
                &mut Vec::new(),
            )
        };
        // With one endpoint there is nothing to choose, and most services have one.
        let balanced = if replicas == 1 {
            endpoint(0)
        } else {
            let env = self.env(name, outer.len(), "balance");
            BalanceLayer::new(BalanceConfig { kind }, env, (0..replicas).map(endpoint).collect())
        };
        self.wrap(outer, 0, name, balanced, &mut Vec::new())
    }

    /// Puts `layers` around `inner`; the first of them is number `first` of the stack. Those that
    /// want to know how long requests wait behind them are added to `waits`.
    fn wrap(
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
                LayerPlan::Bulkhead(config) => BulkheadLayer::new(config, env("bulkhead"), inner),
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
                LayerPlan::Deadline => {
                    DeadlineLayer::new(DeadlineConfig::default(), env("deadline"), inner)
                }
                LayerPlan::Balance(_) => unreachable!("a stack balances once"),
            }
        })
    }

    fn env(&self, target: &str, index: usize, kind: &str) -> Env<Sim, (), ServiceError> {
        let sim = self.model.sim;
        let entity = format!("{} → {target}", self.caller.name);
        let purpose = format!("{}.{index} {kind}", self.policy);
        let mut name = format!("{entity} {kind}");
        if self.ambiguous {
            name = format!("{name} of {}", self.policy);
        }
        let observer = Observer::new(self.model, &format!("{entity} {purpose}"), name);
        Env {
            world: sim,
            classify: Arc::new(DefaultClassifier),
            observe: Arc::new(observer),
            stream: sim.stream(&entity, &purpose, self.caller.incarnation),
        }
    }
}

fn key(by: KeyBy) -> impl Fn(&Request) -> u64 {
    move |request| match by {
        KeyBy::Endpoint => u64::from(request.endpoint.0),
        KeyBy::Load => u64::from(request.origin.load.0),
        KeyBy::Priority => u64::from(request.context.priority),
    }
}
