use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig};

use super::KeyBy;
use super::{LayerKind, Site};
use crate::exchange::Route;

const KIND: &str = "bulkhead";

/// A bulkhead for each key.
#[derive(Clone, Copy, Debug)]
pub struct KeyedBulkhead {
    /// That of each key.
    pub config: KeyedBulkheadConfig,
    /// What has one of its own.
    pub by: KeyBy,
}

impl LayerKind for BulkheadConfig {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BulkheadLayer::new(*self, site.env(), inner)
    }
}

impl LayerKind for KeyedBulkhead {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BulkheadLayer::keyed(self.config, self.by.key(), site.env(), inner)
    }
}
