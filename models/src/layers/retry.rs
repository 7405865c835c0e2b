use cascadia_patterns::retry::{RetryConfig, RetryLayer};

use super::{LayerKind, Repeats, Site};
use crate::exchange::Route;

impl LayerKind for RetryConfig {
    fn kind(&self) -> &'static str {
        "retry"
    }

    fn repeats(&self) -> Option<Repeats> {
        let most = u32::from(self.attempts);
        Some(Repeats { most, repeats_unsafe: self.retry_unsafe, copies: None })
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        RetryLayer::new(*self, site.env(), inner)
    }
}
