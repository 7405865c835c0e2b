use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig};

use super::{Keyed, LayerKind, Site};
use crate::exchange::Route;

const KIND: &str = "bulkhead";

impl LayerKind for BulkheadConfig {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BulkheadLayer::new(*self, site.env(), inner)
    }
}

impl LayerKind for Keyed<KeyedBulkheadConfig> {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BulkheadLayer::keyed(self.config, self.by.key(), site.env(), inner)
    }
}
