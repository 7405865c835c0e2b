use std::sync::Arc;

use cascadia_patterns::shed::{
    DagorConfig, DagorLayer, OnWait, QueueConfig, QueueLayer, WaitGauge,
};

use super::{LayerKind, Place, Site};
use crate::exchange::Route;

const KIND: &str = "shed";

/// By importance, when requests wait too long for a worker.
impl LayerKind for DagorConfig {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn place(&self) -> Place {
        Place::Arrival
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        let gauge = WaitGauge::new(*self);
        site.at_queue.waits.push(Arc::clone(&gauge) as Arc<dyn OnWait>);
        DagorLayer::new(gauge, site.env(), inner)
    }
}

/// From the queue before the calls in progress.
impl LayerKind for QueueConfig {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        QueueLayer::new(*self, None, site.env(), inner)
    }
}
