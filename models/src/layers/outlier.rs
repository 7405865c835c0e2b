use std::sync::Arc;

use cascadia_patterns::outlier::{OutlierConfig, OutlierLayer};

use super::{Balancer, LayerKind, Site};
use crate::exchange::Route;

impl LayerKind for OutlierConfig {
    fn kind(&self) -> &'static str {
        "outlier"
    }

    /// Without a balancer there is no choice to take anything out of.
    fn build(&self, _: Site<'_>, inner: Route) -> Route {
        inner
    }

    fn build_around(&self, site: Site<'_>, balancer: Arc<Balancer>) -> Route {
        OutlierLayer::new(*self, site.env(), balancer)
    }
}
