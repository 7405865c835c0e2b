use cascadia_patterns::cooldown::{CooldownConfig, CooldownLayer};

use super::{Keyed, LayerKind, Site};
use crate::exchange::Route;

/// A failure is one of all calls.
impl LayerKind for CooldownConfig {
    fn kind(&self) -> &'static str {
        "cooldown"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        CooldownLayer::new(*self, site.env(), inner)
    }
}

/// A failure is one of the calls with its key.
impl LayerKind for Keyed<CooldownConfig> {
    fn kind(&self) -> &'static str {
        "cooldown"
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        CooldownLayer::keyed(self.config, Box::new(self.by.key()), site.env(), inner)
    }
}
