use cascadia_patterns::limit::{LimitConfig, LimitLayer};

use super::{LayerKind, Site};
use crate::exchange::Route;

impl LayerKind for LimitConfig {
    fn kind(&self) -> &'static str {
        "limit"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        LimitLayer::new(*self, site.env(), inner)
    }
}
