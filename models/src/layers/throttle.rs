use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};

use super::{LayerKind, Site};
use crate::exchange::Route;

impl LayerKind for ThrottleConfig {
    fn kind(&self) -> &'static str {
        "throttle"
    }

    fn remembers(&self, _: f64) -> f64 {
        self.bytes()
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        ThrottleLayer::new(*self, site.env(), inner)
    }
}
