use cascadia_patterns::rate_limit::{RateLimitConfig, RateLimitLayer};

use super::{LayerKind, Site};
use crate::exchange::Route;

impl LayerKind for RateLimitConfig {
    fn kind(&self) -> &'static str {
        "rate_limit"
    }

    fn remembers(&self, calls: f64) -> f64 {
        self.algorithm.bytes(calls)
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        RateLimitLayer::new(*self, site.env(), inner)
    }
}
