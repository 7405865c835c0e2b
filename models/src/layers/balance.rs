use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use cascadia_patterns::endpoints::{Endpoint, SetChange};

use super::{Balancer, LayerEnv, LayerKind, Place, Site};
use crate::exchange::Route;
use crate::ids::Instance;

/// What chooses among `replicas`. Others join and leave under the keys of their instances.
pub(crate) fn balancer(
    kind: BalanceKind,
    env: LayerEnv,
    replicas: Vec<(Instance, Route)>,
) -> Arc<Balancer> {
    let balancer = BalanceLayer::new(BalanceConfig { kind }, env, Vec::new());
    for (replica, way) in replicas {
        balancer.change(joins(replica, way));
    }
    balancer
}

/// What a balancer is told of a replica that joins.
pub(crate) fn joins(replica: Instance, way: Route) -> SetChange<Route> {
    SetChange::Join { endpoint: Endpoint::new(replica.key()), way }
}

impl LayerKind for BalanceKind {
    fn kind(&self) -> &'static str {
        "balance"
    }

    fn place(&self) -> Place {
        Place::Balancer(*self)
    }

    fn build(&self, _: Site<'_>, _: Route) -> Route {
        unreachable!("a stack balances once")
    }
}
