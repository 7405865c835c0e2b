use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};

use super::{Balancer, LayerEnv, LayerKind, Place, Site};
use crate::exchange::Route;

/// What chooses among `endpoints`.
pub(crate) fn balancer(kind: BalanceKind, env: LayerEnv, endpoints: Vec<Route>) -> Arc<Balancer> {
    BalanceLayer::new(BalanceConfig { kind }, env, endpoints)
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
