use cascadia_patterns::hedge::{HedgeConfig, HedgeLayer};

use super::{Copies, LayerKind, Repeats, Site};
use crate::exchange::Route;

impl LayerKind for HedgeConfig {
    fn kind(&self) -> &'static str {
        "hedge"
    }

    fn repeats(&self) -> Option<Repeats> {
        let copies = Some(Copies { tied: self.tied });
        let most = 1 + u32::from(self.max);
        Some(Repeats { most, repeats_unsafe: self.hedge_unsafe, copies })
    }

    fn remembers(&self, _: f64) -> f64 {
        self.bytes()
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        HedgeLayer::new(*self, site.env(), inner)
    }
}
