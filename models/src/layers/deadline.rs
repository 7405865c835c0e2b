use std::sync::Arc;

use cascadia_patterns::call::Rejection;
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_runtime::Time;
use cascadia_sim_core::Sim;

use super::{LayerKind, LookAgain, Site};
use crate::exchange::{Content, Request, Route, ServiceError};

impl LayerKind for DeadlineConfig {
    fn kind(&self) -> &'static str {
        "deadline"
    }

    fn looks_again(&self) -> bool {
        true
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        let layer = DeadlineLayer::new(*self, site.env(), inner);
        site.at_queue.again.push(Arc::clone(&layer) as Arc<dyn LookAgain>);
        layer
    }
}

impl LookAgain for DeadlineLayer<Sim, Request, Content, ServiceError> {
    fn look_again(&self, deadline: Option<Time>) -> Result<Option<Time>, Rejection> {
        self.check_again(deadline)
    }
}
