use cascadia_patterns::bulkhead::{BulkheadLayer, PoolConfig};

use crate::exchange::Route;
use crate::plan::LayerKind;
use crate::stack::Site;

impl LayerKind for PoolConfig {
    fn kind(&self) -> &'static str {
        "thread_pool"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BulkheadLayer::pool(*self, site.env(), inner)
    }
}
