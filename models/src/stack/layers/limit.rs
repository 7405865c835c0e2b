use cascadia_patterns::limit::{LimitConfig, LimitLayer};

use crate::exchange::Route;
use crate::plan::LayerKind;
use crate::stack::Site;

impl LayerKind for LimitConfig {
    fn kind(&self) -> &'static str {
        "limit"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        LimitLayer::new(*self, site.env(), inner)
    }
}
