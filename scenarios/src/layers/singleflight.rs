use cascadia_models::plan::{KeyBy, Keyed, LayerPlan};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::singleflight::SingleflightConfig;

use super::layer::{Layer, NotOnArrival};
use super::place::Place;
use crate::decode::object;
use crate::diagnostics::Code;
use crate::units::Duration;

/// What it alone is refused for.
pub(super) const CODES: &[Code] = &[ON_ARRIVAL];

const ON_ARRIVAL: Code = Code {
    code: "S037",
    title: "a shared answer on arrival",
    text: "Callers share an answer where they send their calls. What has arrived is somebody's, \
        and leaves the queue with whoever sent it.",
};

object! {
    /// Asks once what several calls want to know at the same time. All requests to an idempotent
    /// endpoint ask for the same.
    pub(super) struct Singleflight {
        /// How long a call may have been under way for others to wait for it.
        max_age: Duration = SingleflightConfig::default().max_age,
        /// Who shares answers, besides asking the same endpoint.
        per: Option<KeyBy> => "all",
    }
}

impl Singleflight {
    fn config(&self) -> SingleflightConfig {
        SingleflightConfig { max_age: self.max_age }
    }
}

impl Layer for Singleflight {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        let by = self.per.unwrap_or(KeyBy::Endpoint);
        vec![LayerPlan::new(Keyed { config: self.config(), by })]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.config().check()
    }

    /// The queue knows of each request whose it is, and drops it when that one leaves.
    fn not_on_arrival(&self) -> Option<NotOnArrival> {
        Some(NotOnArrival { code: ON_ARRIVAL.code, does: "shares answers", what: "shared answers" })
    }
}
