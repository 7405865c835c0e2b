use cascadia_patterns::bulkhead::{BulkheadLayer, PoolConfig};

use super::{LayerKind, Site};
use crate::exchange::Route;

impl LayerKind for PoolConfig {
    fn kind(&self) -> &'static str {
        "thread_pool"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BulkheadLayer::pool(*self, site.env(), inner)
    }
}
