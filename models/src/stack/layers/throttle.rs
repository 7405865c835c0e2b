use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};

use crate::exchange::Route;
use crate::plan::LayerKind;
use crate::stack::Site;

impl LayerKind for ThrottleConfig {
    fn kind(&self) -> &'static str {
        "throttle"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        ThrottleLayer::new(*self, site.env(), inner)
    }
}
