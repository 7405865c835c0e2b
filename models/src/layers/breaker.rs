use cascadia_patterns::breaker::document::{DocumentConfig, DocumentLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer};

use super::{LayerKind, Site};
use crate::exchange::Route;

const KIND: &str = "breaker";

impl LayerKind for BreakerConfig {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn remembers(&self, calls: f64) -> f64 {
        self.windows.iter().map(|window| window.bytes(calls)).sum()
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        BreakerLayer::new(self.clone(), site.env(), inner)
    }
}

/// By the rules of introductions.
impl LayerKind for DocumentConfig {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        DocumentLayer::new(*self, site.env(), inner)
    }
}
