use std::time::Duration;

use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};

use super::{LayerKind, Site};
use crate::exchange::Route;

impl LayerKind for TimeoutConfig {
    fn kind(&self) -> &'static str {
        "timeout"
    }

    fn patience(&self) -> Option<Duration> {
        Some(self.after)
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        TimeoutLayer::new(*self, site.env(), inner)
    }
}
