use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::throttle::ThrottleConfig;

use super::Layer;
use super::place::Place;
use crate::decode::settings;
use crate::units::{Duration, PerSecond, Share};

pub(super) type Throttle = ThrottleConfig;

settings! {
    /// Sends little more than what is accepted.
    "Throttle" for ThrottleConfig {
        /// Over how long requests and accepts are counted.
        window: Duration,
        /// The buckets by which the window slides.
        buckets: u16,
        /// Requests for each that is accepted.
        k: f64,
        /// The largest share that is refused.
        max_refused: Share,
        /// Requests a second below which nothing is refused.
        min_per_second: PerSecond,
        /// Also counts what the caller itself refused and calls whose deadline had passed.
        count_local: bool,
    }
}

impl Layer for ThrottleConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}
